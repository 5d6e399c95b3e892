// From unpacked bytes to typed arrays. See gis/publish/page/payload.py for the layout.
// Every number takes a byte at least, so no length is believed that its stream could not hold.

function numbers(bytes, start, end) {
  return { bytes, at: start, end };
}

// The next numbers of a stream, as many as the list has room for.
function take(from, into) {
  const { bytes, end } = from;
  let { at } = from;
  if (into.length > end - at) throw new Error("a stream ends early");
  for (let i = 0; i < into.length; i += 1) {
    let byte = bytes[at], value = byte & 127, factor = 128;
    for (at += 1; byte > 127; at += 1) {
      byte = bytes[at];
      value += (byte & 127) * factor;
      factor *= 128;
    }
    into[i] = value;
  }
  if (at > end) throw new Error("a stream ends early");
  from.at = at;
  return into;
}

// The same for differences, added up.
function takeSteps(from, into) {
  const { bytes, end } = from;
  let { at } = from, sum = 0;
  if (into.length > end - at) throw new Error("a stream ends early");
  for (let i = 0; i < into.length; i += 1) {
    let byte = bytes[at], value = byte & 127, factor = 128;
    for (at += 1; byte > 127; at += 1) {
      byte = bytes[at];
      value += (byte & 127) * factor;
      factor *= 128;
    }
    sum += value < 2147483648 ? (value >>> 1) ^ -(value & 1) : unzigzag(value);
    into[i] = sum;
  }
  if (at > end) throw new Error("a stream ends early");
  from.at = at;
  return into;
}

const unzigzag = (value) => (value % 2 ? -(value + 1) / 2 : value / 2);

// One kind of list for all numbers keeps the loop quick.
function some(from, count) {
  if (!(count >= 0 && count <= from.end - from.at)) throw new Error("a stream ends early");
  return take(from, new Uint32Array(count));
}

// The next bytes of a stream, as they lie there.
function piece(from, length) {
  if (!(length >= 0) || from.at + length > from.end) throw new Error("a file ends early");
  from.at += length;
  return from.bytes.subarray(from.at - length, from.at);
}

const file = (from, length) => piece(from, length).slice();

function decode(bytes) {
  const head = numbers(bytes, 0, bytes.length), [length] = some(head, 1);
  let { at } = head;
  const header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(at, at + length)));
  if (header.format !== 1) throw new Error("unknown format");
  const streams = {};
  at += length;
  for (const [name, size] of header.streams) {
    streams[name] = numbers(bytes, at, at + size);
    at += size;
  }
  if (at !== bytes.length) throw new Error("lengths do not add up");
  for (const layer of header.layers) readLayer(layer, streams, header.revisions.length);
  readPlaces(header, streams);
  for (const layer of header.layers) readFields(layer, streams);
  if (header.picture) header.picture.bytes = file(streams.picture, header.picture.length);
  header.photos = header.photos.map(([length, width, height, caption]) => ({ bytes: file(streams.photos, length), width, height, caption }));
  for (const [name, stream] of Object.entries(streams)) {
    if (stream.at !== stream.end) throw new Error(`stream ${name} is too long`);
  }
  return header;
}

function readLayer(layer, streams, revisions) {
  const n = layer.count;
  layer.kind = some(streams.kinds, n);
  layer.first = some(streams.first, n);
  layer.last = some(streams.last, n);
  layer.feature = some(streams.feature, n);
  layer.look = some(streams.looks, n);
  layer.path = new Uint32Array(n + 1);
  layer.box = new Int32Array(4 * n);
  let feature = -1;
  for (let i = 0; i < n; i += 1) {
    layer.last[i] = revisions - 1 - layer.last[i];
    feature += layer.feature[i];
    layer.feature[i] = feature;
  }
}

const total = (list) => list.reduce((sum, value) => sum + value, 0);

// Paths of all layers lie in one list; a layer's `path` says where each version's begin.
function readPlaces(header, streams) {
  const parts = header.layers.map((layer) => some(streams.parts, layer.count));
  let lines = 0, areas = 0;
  header.layers.forEach((layer, place) => parts[place].forEach((count, i) => { if (layer.kind[i] === 3) areas += count; else lines += count; }));
  const rings = some(streams.paths, areas), counts = some(streams.counts, lines + total(rings));
  const outer = new Uint8Array(counts.length), starts = new Uint32Array(counts.length + 1);
  if (total(counts) !== header.vertices) throw new Error("more or fewer vertices than said");
  for (let p = 0; p < counts.length; p += 1) starts[p + 1] = starts[p] + counts[p];
  let path = 0, area = 0;
  header.layers.forEach((layer, place) => {
    for (let i = 0; i < layer.count; i += 1) {
      layer.path[i] = path;
      for (let part = parts[place][i]; part > 0; part -= 1) {
        outer[path] = 1;
        path += layer.kind[i] === 3 ? rings[area] : 1;
        if (layer.kind[i] === 3) area += 1;
      }
    }
    layer.path[layer.count] = path;
  });
  if (header.vertices > streams.x.end - streams.x.at) throw new Error("a stream ends early");
  header.starts = starts;
  header.outer = outer;
  header.xs = takeSteps(streams.x, new Int32Array(header.vertices));
  header.ys = takeSteps(streams.y, new Int32Array(header.vertices));
  for (const layer of header.layers) boxes(layer, header);
}

function boxes(layer, { starts, xs, ys }) {
  const { box, path, count } = layer;
  for (let i = 0; i < count; i += 1) {
    let west = 2e9, south = 2e9, east = -2e9, north = -2e9;
    for (let v = starts[path[i]], end = starts[path[i + 1]]; v < end; v += 1) {
      const x = xs[v], y = ys[v];
      if (x < west) west = x;
      if (x > east) east = x;
      if (y < south) south = y;
      if (y > north) north = y;
    }
    box[4 * i] = west;
    box[4 * i + 1] = south;
    box[4 * i + 2] = east;
    box[4 * i + 3] = north;
  }
}

// A field's words and codes stay packed until somebody asks for them: most of them are not on the map.
class Field {
  constructor(told, count, words, codes) {
    const { id, title, unit, type } = told;
    Object.assign(this, { id, title, unit, type, count, words, codes, known: null, read: null });
  }
  get values() {
    if (!this.known) {
      this.known = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(this.words));
      this.words = null;
    }
    return this.known;
  }
  get column() {
    if (!this.read) {
      this.read = readCodes(this);
      this.codes = null;
    }
    return this.read;
  }
}

function readFields(layer, streams) {
  layer.fields = layer.fields.map((told) => new Field(told, layer.count, piece(streams.words, told.words), piece(streams.codes, told.codes)));
}

// Code 0 is missing, 1 the next value of the dictionary, 2 + i value i again; kept as index, -1 for missing.
function readCodes({ codes, count, values }) {
  const from = numbers(codes, 0, codes.length), column = new Int32Array(some(from, count).buffer), known = values.length;
  let next = 0;
  for (let i = 0; i < count; i += 1) {
    const code = column[i];
    column[i] = code > 1 ? code - 2 : code === 1 ? next : -1;
    if (code === 1) next += 1;
    if (column[i] >= known || column[i] < -1) throw new Error("a code is not in its dictionary");
  }
  if (from.at !== from.end) throw new Error("a column is too long");
  return column;
}
