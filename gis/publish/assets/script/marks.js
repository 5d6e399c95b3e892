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
    const r = s * 0.36;
    ctx.moveTo(0, 0);
    ctx.bezierCurveTo(-r * 0.25, -s * 0.22, -r, -s * 0.36, -r, -s + r);
    ctx.arc(0, -s + r, r, Math.PI, 0);
    ctx.bezierCurveTo(r, -s * 0.36, r * 0.25, -s * 0.22, 0, 0);
    ctx.closePath();
  },
  diamond: (ctx, s) => polygon(ctx, [[0, 0], [0.46, -0.5], [0, -1], [-0.46, -0.5]], s),
  gate: (ctx, s) => polygon(ctx, [[-0.5, 0.45], [-0.5, -0.4], [0.5, -0.4], [0.5, 0.45], [0.24, 0.45], [0.24, -0.1], [-0.24, -0.1], [-0.24, 0.45]], s),
  board: (ctx, s) => polygon(ctx, [[-0.5, -0.45], [0.5, -0.45], [0.5, 0.15], [0.32, 0.15], [0.32, 0.5], [0.2, 0.5], [0.2, 0.15], [-0.2, 0.15], [-0.2, 0.5], [-0.32, 0.5], [-0.32, 0.15], [-0.5, 0.15]], s),
  flag: (ctx, s) => polygon(ctx, [[-0.3, 0.5], [-0.3, -0.5], [0.45, -0.24], [-0.16, 0.02], [-0.16, 0.5]], s),
};

const PINS = { drop: 0.64, diamond: 0.5 };

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
  if (severity > 3 && PINS[part.shape]) ring(ctx, part, size, severity, ppmm);
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

// The gravest problems wear a ring, so that size is not the only sign.
function ring(ctx, part, size, severity, ppmm) {
  ctx.save();
  ctx.translate(0, -size * PINS[part.shape]);
  ctx.scale(1 + 0.16 * (severity - 3), 1 + 0.16 * (severity - 3));
  ctx.beginPath();
  ctx.arc(0, 0, size * 0.46, 0, 7);
  ctx.strokeStyle = part.fill && part.fill !== "#FFFFFF" ? part.fill : part.line;
  ctx.globalAlpha *= 0.55;
  ctx.lineWidth = 0.35 * ppmm;
  ctx.stroke();
  ctx.restore();
}

function inMarker(ctx, part, size, text) {
  const middle = -size * (PINS[part.shape] || 0);
  if (part.tick) {
    ctx.beginPath();
    ctx.moveTo(-size * 0.16, middle);
    ctx.lineTo(-size * 0.04, middle + size * 0.12);
    ctx.lineTo(size * 0.17, middle - size * 0.13);
    ctx.lineWidth = Math.max(1.2, size * 0.09);
    ctx.lineCap = "round";
    ctx.stroke();
  } else if (text) {
    const room = size * (PINS[part.shape] ? 0.6 : 0.8);
    const height = Math.min(size * 0.42, (room / Math.max(1, text.length)) * 1.75);
    ctx.font = `700 ${height}px ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = part.text_color ?? "#FFFFFF";
    ctx.fillText(text, 0, middle + height * 0.06);
  }
}

const FONT = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC","Source Han Sans SC",system-ui,sans-serif';
