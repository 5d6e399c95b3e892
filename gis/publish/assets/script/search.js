// Finding a building however its number is written: 12, １２号楼, 十二栋, 拾贰棟, 楼12, #12, No. 12.

const NUMERALS = { 零: 0, 〇: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };

// As written on cheques, in calendars and in traditional characters.
const VARIANTS = {
  壹: "一", 贰: "二", 貳: "二", 叁: "三", 肆: "四", 伍: "五", 陆: "六", 陸: "六", 柒: "七", 捌: "八", 玖: "九",
  拾: "十", 佰: "百", 廿: "二十", 卅: "三十", 棟: "栋", 號: "号", 樓: "楼", 單: "单",
};
const VARIANT = new RegExp(`[${Object.keys(VARIANTS).join("")}]`, "g");

function plainNumerals(text) {
  return text.replace(/[零〇一二两三四五六七八九十百]+/g, (found) => {
    if (!/[十百]/.test(found)) return [...found].map((c) => NUMERALS[c]).join("");
    let total = 0, digit = null;
    for (const c of found) {
      if (c === "十") total += (digit ?? 1) * 10;
      else if (c === "百") total += (digit ?? 1) * 100;
      else { digit = NUMERALS[c]; continue; }
      digit = null;
    }
    return String(total + (digit ?? 0));
  });
}

// What two writings of one number have in common.
function searchKey(text) {
  let key = String(text).normalize("NFKC").toLowerCase().replace(/\s+/g, "").replace(VARIANT, (c) => VARIANTS[c]);
  key = key.replace(/^(?:no\.?|number|building|bldg\.?|block|第|楼号|楼|栋|幢|座|号)+(?=[0-9#零〇一二两三四五六七八九十百a-z])/, "");
  key = plainNumerals(key);
  return key.replace(/(\d+[a-z]?)(?:号楼|号(?!楼)|栋|幢|座|楼|#)+(?=$|[^0-9])/g, "$1").replace(/#/g, "").replace(/^0+(?=\d)/, "");
}

function searchIndex(revision) {
  const found = [];
  plan.layers.forEach((layer, place) => {
    const buildings = layer.role === "footprint";
    if (!buildings && !["facility", "comment", ...SPOTS].includes(layer.role)) return;
    for (const row of rowsOf(layer, revision)) {
      if (!layer.kind[row]) continue; // a comment without a place is in the list only
      const texts = searchTexts(layer, row), keys = texts.map(searchKey);
      if (texts.length) found.push({ place, row, buildings, keys, text: `\n${keys.join("\n")}\n`, name: nameOf(layer, row) });
    }
  });
  const compare = found.length < 2000 ? new Intl.Collator("zh", { numeric: true }).compare : plainOrder(found);
  const numbered = (one) => /^[0-9]+[a-z]?$/.test(one.keys[0]);
  return found.sort((a, b) => b.buildings - a.buildings || numbered(b) - numbered(a) || compare(a.keys[0], b.keys[0]));
}

// A collator is slow over ten thousand names; digits made equally long sort as numbers do.
function plainOrder(found) {
  const padded = new Map(found.map(({ keys: [key] }) => [key, key.replace(/\d+/g, (digits) => digits.padStart(9, "0"))]));
  return (a, b) => (padded.get(a) < padded.get(b) ? -1 : padded.get(a) > padded.get(b) ? 1 : 0);
}

function searchTexts(layer, row) {
  const texts = [];
  if (layer.number >= 0) texts.push(value(layer, row, layer.fields[layer.number]));
  for (const part of layer.name) if (typeof part === "number" && part >= 0) texts.push(pick(value(layer, row, layer.fields[part])));
  return [...new Set(texts.filter((text) => text !== null && text !== "").map(String))];
}

// The building before a stairwell or room counts: 3-2-501 and 3号楼2单元 find building 3. Words in front that
// nothing is called, such as the estate's name, are passed over.
function searched(index, query, most) {
  const found = matches(index, query, most);
  const number = found.length ? null : /[\p{Script=Han})]([0-9]+[a-z]?)$/u.exec(searchKey(query));
  return number ? matches(index, number[1], most) : found;
}

function matches(index, query, most) {
  const key = searchKey(query), room = /^(\d+)-?(?:\d*单元|-\d|\d+-\d)/.exec(key.replace(/号楼|[栋幢座号楼]/g, "-"));
  if (!key) return [];
  const wanted = room ? room[1] : key, exact = [], starts = [], within = [];
  const begin = `\n${wanted}`, whole = `${begin}\n`, anywhere = wanted.length > 1 || /[^0-9]/.test(wanted) ? wanted : begin;
  for (const one of index) {
    const { text } = one; // all keys of one in a row: most are passed over by looking once
    if (!text.includes(anywhere)) continue;
    if (text.includes(whole)) exact.push(one);
    else if (text.includes(begin)) starts.push(one);
    else within.push(one);
  }
  return [...exact, ...starts, ...within].slice(0, most);
}
