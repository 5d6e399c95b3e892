// Signs at points, drawn around (0, 0) with the given height in pixels; pins have their tip there.

const SIGNS = {
  circle: (ctx, s) => ctx.arc(0, 0, s / 2, 0, 7),
  tree: (ctx, s) => ctx.arc(0, 0, s / 2, 0, 7),
  square: (ctx, s) => ctx.rect(-s / 2, -s / 2, s, s),
  triangle: (ctx, s) => polygon(ctx, [[0, -0.55], [0.5, 0.4], [-0.5, 0.4]], s),
  cross(ctx, s) {
    ctx.moveTo(-s / 2, -s / 2);
    ctx.lineTo(s / 2, s / 2);
    ctx.moveTo(s / 2, -s / 2);
    ctx.lineTo(-s / 2, s / 2);
  },
  drop(ctx, s) {
    const r = s * 0.39;
    ctx.moveTo(0, 0);
    ctx.bezierCurveTo(-s * 0.07, -s * 0.17, -r, -s * 0.31, -r, r - s);
    ctx.arc(0, r - s, r, Math.PI, 0);
    ctx.bezierCurveTo(r, -s * 0.31, s * 0.07, -s * 0.17, 0, 0);
    ctx.closePath();
  },
  diamond: (ctx, s) => polygon(ctx, [[0, 0], [0.5, -0.5], [0, -1], [-0.5, -0.5]], s),
  gate: (ctx, s) => polygon(ctx, [[-0.5, 0.45], [-0.5, -0.4], [0.5, -0.4], [0.5, 0.45], [0.24, 0.45], [0.24, -0.1], [-0.24, -0.1], [-0.24, 0.45]], s),
  board: (ctx, s) => polygon(ctx, [[-0.5, -0.45], [0.5, -0.45], [0.5, 0.15], [0.32, 0.15], [0.32, 0.5], [0.2, 0.5], [0.2, 0.15], [-0.2, 0.15], [-0.2, 0.5], [-0.32, 0.5], [-0.32, 0.15], [-0.5, 0.15]], s),
  flag: (ctx, s) => polygon(ctx, [[-0.3, 0.5], [-0.3, -0.5], [0.45, -0.24], [-0.16, 0.02], [-0.16, 0.5]], s),
};

// Where the head of a pin is, as part of its height.
const PINS = { drop: 0.61, diamond: 0.5 };

function polygon(ctx, points, s) {
  points.forEach(([x, y], i) => (i ? ctx.lineTo(x * s, y * s) : ctx.moveTo(x * s, y * s)));
  ctx.closePath();
}

function drawMarker(ctx, part, x, y, size, text, ppmm, severity) {
  ctx.save();
  ctx.translate(x, y);
  ctx.lineJoin = "round";
  const outline = () => { ctx.beginPath(); (SIGNS[part.shape] || SIGNS.circle)(ctx, size); };
  const line = Math.max(0.6, (part.line_mm ?? 0.25) * ppmm);
  if (part.casing) {
    outline();
    ctx.strokeStyle = part.casing;
    ctx.lineWidth = line + 0.8 * ppmm;
    ctx.stroke();
  }
  if (severity > 3 && PINS[part.shape]) rings(ctx, part, size, severity, ppmm);
  outline();
  ctx.globalAlpha *= part.opacity ?? 1;
  if (part.shape !== "cross" && part.fill !== "") {
    ctx.fillStyle = part.fill ?? "#FFFFFF";
    ctx.fill();
  }
  ctx.strokeStyle = part.line ?? "#3A3A3A";
  ctx.lineWidth = line;
  ctx.stroke();
  if (part.shape === "tree" && size > 9) {
    ctx.beginPath();
    ctx.arc(0, 0, Math.min(1.4, size / 10), 0, 7);
    ctx.fillStyle = part.line;
    ctx.fill();
  }
  inMarker(ctx, part, size, text);
  ctx.restore();
}

// One ring around severity 4, two around 5: size is not the only sign.
function rings(ctx, part, size, severity, ppmm) {
  const middle = -size * PINS[part.shape];
  for (let ring = 1; ring <= severity - 3; ring += 1) {
    const grown = 1 + (2 * (0.4 + 0.55 * ring) * ppmm) / size;
    for (const [color, width] of [["#FFFFFF", 0.5], [part.fill && part.fill !== "#FFFFFF" ? part.fill : part.line, 0.25]]) {
      ctx.save();
      ctx.translate(0, middle);
      ctx.scale(grown, grown);
      ctx.translate(0, -middle);
      ctx.beginPath();
      SIGNS[part.shape](ctx, size);
      ctx.restore();
      ctx.strokeStyle = color;
      ctx.lineWidth = width * ppmm;
      ctx.stroke();
    }
  }
}

// What fits into a pin: the number a code ends with, D05 as 5.
function shortNumber(text) {
  const found = /0*(\d+)\D*$/.exec(text);
  return found ? found[1] : text.slice(0, 2);
}

function inMarker(ctx, part, size, text) {
  const middle = -size * (PINS[part.shape] || 0);
  if (part.tick) {
    ctx.beginPath();
    ctx.moveTo(-size * 0.17, middle);
    ctx.lineTo(-size * 0.04, middle + size * 0.135);
    ctx.lineTo(size * 0.185, middle - size * 0.14);
    ctx.lineWidth = Math.max(1.2, size * 0.09);
    ctx.lineCap = "round";
    ctx.stroke();
  } else if (text) {
    const short = shortNumber(text), height = size * Math.min(0.52, 0.62 / (0.56 * short.length));
    ctx.font = `700 ${height}px ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = part.text_color ?? "#FFFFFF";
    ctx.fillText(short, 0, middle + height * 0.06);
  }
}

const FONT = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC",system-ui,sans-serif';
