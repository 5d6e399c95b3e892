// From unpacked bytes to typed arrays. See gis/publish/page/payload.py for the layout.

function varints(bytes, start, end) {
  let at = start;
  const next = () => {
    let value = 0, factor = 1;
    for (;;) {
      if (at >= end) throw new Error("a stream ends early");
      const byte = bytes[at];
      at += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
  };
  next.done = () => at === end;
  return next;
}

// A stream of whole files: taken by their lengths.
function files(bytes, start, end) {
  let at = start;
  const next = (length) => {
    if (at + length > end) throw new Error("a file ends early");
    at += length;
    return bytes.slice(at - length, at);
  };
  next.done = () => at === end;
  return next;
}

const unzigzag = (value) => (value % 2 ? -(value + 1) / 2 : value / 2);

function decode(bytes) {
  const head = varints(bytes, 0, bytes.length);
  const length = head();
  let at = 1;
  for (let rest = length; rest >= 128; rest = Math.floor(rest / 128)) at += 1;
  const header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(at, at + length)));
  if (header.format !== 1) throw new Error("unknown format");
  const streams = {};
  at += length;
  for (const [name, size] of header.streams) {
    streams[name] = name === "photos" || name === "picture" ? files(bytes, at, at + size) : varints(bytes, at, at + size);
    at += size;
  }
  if (at !== bytes.length) throw new Error("lengths do not add up");
  for (const layer of header.layers) readLayer(layer, streams, header.revisions.length);
  readPlaces(header, streams);
  for (const layer of header.layers) readCodes(layer, streams.codes);
  if (header.picture) header.picture.bytes = streams.picture(header.picture.length);
  header.photos = header.photos.map(([length, width, height, caption]) => ({ bytes: streams.photos(length), width, height, caption }));
  for (const [name, stream] of Object.entries(streams)) {
    if (!stream.done()) throw new Error(`stream ${name} is too long`);
  }
  return header;
}

function readLayer(layer, streams, revisions) {
  const n = layer.count;
  Object.assign(layer, {
    kind: new Uint8Array(n), first: new Uint16Array(n), last: new Uint16Array(n), feature: new Uint32Array(n),
    look: new Uint16Array(n), path: new Uint32Array(n + 1), box: new Int32Array(4 * n),
  });
  let feature = -1;
  for (let i = 0; i < n; i += 1) {
    layer.kind[i] = streams.kinds();
    layer.first[i] = streams.first();
    layer.last[i] = revisions - 1 - streams.last();
    feature += streams.feature();
    layer.feature[i] = feature;
    layer.look[i] = streams.looks();
  }
}

// Paths of all layers lie in one list; a layer's `path` says where each version's begin.
function readPlaces(header, streams) {
  const starts = [0], outer = [], total = header.vertices, xs = new Int32Array(total), ys = new Int32Array(total);
  let at = 0;
  let x = 0, y = 0;
  for (const layer of header.layers) {
    for (let i = 0; i < layer.count; i += 1) {
      layer.path[i] = outer.length;
      for (let parts = streams.parts(); parts > 0; parts -= 1) {
        const paths = layer.kind[i] === 3 ? streams.paths() : 1;
        for (let p = 0; p < paths; p += 1) {
          outer.push(p === 0 ? 1 : 0);
          for (let count = streams.counts(); count > 0; count -= 1) {
            x += unzigzag(streams.x());
            y += unzigzag(streams.y());
            if (at >= total) throw new Error("more vertices than said");
            xs[at] = x;
            ys[at] = y;
            at += 1;
          }
          starts.push(at);
        }
      }
    }
    layer.path[layer.count] = outer.length;
  }
  header.starts = Uint32Array.from(starts);
  header.outer = Uint8Array.from(outer);
  header.xs = xs;
  header.ys = ys;
  for (const layer of header.layers) boxes(layer, header);
}

function boxes(layer, { starts, xs, ys }) {
  for (let i = 0; i < layer.count; i += 1) {
    let west = 2e9, south = 2e9, east = -2e9, north = -2e9;
    for (let v = starts[layer.path[i]]; v < starts[layer.path[i + 1]]; v += 1) {
      if (xs[v] < west) west = xs[v];
      if (xs[v] > east) east = xs[v];
      if (ys[v] < south) south = ys[v];
      if (ys[v] > north) north = ys[v];
    }
    layer.box.set([west, south, east, north], 4 * i);
  }
}

// Code 0 is missing, 1 the next value of the dictionary, 2 + i value i again; kept as index, -1 for missing.
function readCodes(layer, codes) {
  for (const field of layer.fields) {
    const column = new Int32Array(layer.count);
    let next = 0;
    for (let i = 0; i < layer.count; i += 1) {
      const code = codes();
      column[i] = code === 1 ? next : code - 2;
      if (code === 0) column[i] = -1;
      if (code === 1) next += 1;
      if (column[i] >= field.values.length) throw new Error("a code is not in its dictionary");
    }
    field.column = column;
  }
}
