// gzip for browsers that cannot unpack it themselves, and the one door to unpacked data.

const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

function huffman(lengths) {
  const counts = new Uint16Array(16), symbols = new Uint16Array(lengths.length), offsets = new Uint16Array(16);
  for (const length of lengths) counts[length] += 1;
  counts[0] = 0;
  for (let i = 1; i < 16; i += 1) offsets[i] = offsets[i - 1] + counts[i - 1];
  lengths.forEach((length, symbol) => { if (length) { symbols[offsets[length]] = symbol; offsets[length] += 1; } });
  return { counts, symbols };
}

function inflate(source, start, size) {
  const out = new Uint8Array(size);
  let at = start, bit = 0, held = 0, written = 0;
  const bits = (count) => {
    while (bit < count) {
      if (at >= source.length) throw new Error("data ends early");
      held |= source[at] << bit;
      at += 1;
      bit += 8;
    }
    const value = held & ((1 << count) - 1);
    held >>>= count;
    bit -= count;
    return value;
  };
  const symbol = ({ counts, symbols }) => {
    let code = 0, first = 0, index = 0;
    for (let length = 1; length < 16; length += 1) {
      code |= bits(1);
      const count = counts[length];
      if (code - count < first) return symbols[index + code - first];
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new Error("unknown code");
  };
  const put = (value) => {
    if (written >= size) throw new Error("data is longer than it says");
    out[written] = value;
    written += 1;
  };
  const copy = (length, distance) => {
    if (distance > written) throw new Error("reference before the start");
    for (let i = 0; i < length; i += 1) put(out[written - distance]);
  };
  const trees = () => {
    const literals = bits(5) + 257, distances = bits(5) + 1, codes = bits(4) + 4;
    const lengths = new Uint8Array(19);
    for (let i = 0; i < codes; i += 1) lengths[CODE_ORDER[i]] = bits(3);
    const tree = huffman(lengths), all = [];
    while (all.length < literals + distances) {
      const code = symbol(tree);
      if (code < 16) all.push(code);
      else {
        const value = code === 16 ? all[all.length - 1] : 0;
        const times = code === 16 ? 3 + bits(2) : code === 17 ? 3 + bits(3) : 11 + bits(7);
        for (let i = 0; i < times; i += 1) all.push(value);
      }
    }
    return [huffman(all.slice(0, literals)), huffman(all.slice(literals, literals + distances))];
  };
  const fixed = () => {
    const lengths = Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
    return [huffman(lengths), huffman(new Array(30).fill(5))];
  };
  const packed = ([literals, distances]) => {
    for (;;) {
      const code = symbol(literals);
      if (code < 256) put(code);
      else if (code === 256) return;
      else copy(runLength(code - 257, bits), runDistance(symbol(distances), bits));
    }
  };
  let last = 0;
  while (!last) {
    last = bits(1);
    const kind = bits(2);
    if (kind === 0) {
      bit = 0;
      held = 0;
      const length = source[at] | (source[at + 1] << 8);
      at += 4;
      for (let i = 0; i < length; i += 1) put(source[at + i]);
      at += length;
    } else if (kind === 3) throw new Error("unknown block");
    else packed(kind === 1 ? fixed() : trees());
  }
  if (written !== size) throw new Error("data is shorter than it says");
  return out;
}

function runLength(code, bits) {
  if (code < 8) return code + 3;
  if (code === 28) return 258;
  const extra = (code >> 2) - 1;
  return ((4 + (code & 3)) << extra) + 3 + bits(extra);
}

function runDistance(code, bits) {
  if (code < 4) return code + 1;
  const extra = (code >> 1) - 1;
  return ((2 + (code & 1)) << extra) + 1 + bits(extra);
}

function checksum(bytes) {
  const table = new Uint32Array(256);
  for (let n = 0; n < 256; n += 1) {
    let c = n;
    for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    table[n] = c;
  }
  let sum = 0xffffffff;
  for (let i = 0; i < bytes.length; i += 1) sum = table[(sum ^ bytes[i]) & 255] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

function fromBase64(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64), bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}

async function unpacked(base64) {
  const bytes = fromBase64(base64);
  if (bytes.length < 18) throw new Error("data ends early");
  const end = new DataView(bytes.buffer, bytes.length - 8);
  if (typeof DecompressionStream === "function") return streamed(bytes, end.getUint32(4, true));
  const data = inflate(bytes, 10, end.getUint32(4, true));
  if (checksum(data) !== end.getUint32(0, true)) throw new Error("checksum differs");
  return data;
}

// Written into the unpacker by hand and read piece by piece: twice as quick as through a Blob and a Response.
async function streamed(bytes, size) {
  const unpacker = new DecompressionStream("gzip"), writer = unpacker.writable.getWriter(), reader = unpacker.readable.getReader();
  const sent = writer.write(bytes).then(() => writer.close());
  sent.catch(() => undefined); // the reader hears of it too
  const data = new Uint8Array(size);
  let at = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    data.set(next.value, at);
    at += next.value.length;
  }
  await sent;
  if (at !== size) throw new Error("data is shorter than it says");
  return data;
}
