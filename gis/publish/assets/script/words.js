// The page's own sentences and how numbers and dates read, in the language in force.

let words = {};
let english = false;

const pick = (pair) => (Array.isArray(pair) ? pair[english ? 1 : 0] : pair);

function t(key, values) {
  const sentence = pick(words[key]);
  return values ? sentence.replace(/\{(\w+)\}/g, (_, name) => String(values[name])) : sentence;
}

const joined = (list) => list.join(english ? ", " : "、");

function number(value, decimals) {
  return Number(value).toLocaleString(english ? "en-GB" : "zh-CN", {
    minimumFractionDigits: decimals || 0, maximumFractionDigits: decimals || 0,
  });
}

const signed = (value, decimals) => (value > 0 ? "+" : value < 0 ? "−" : "±") + number(Math.abs(value), decimals);

function date(iso) {
  const parts = /^(\d{4})-(\d\d)-(\d\d)/.exec(iso || "");
  if (!parts) return iso || "";
  const [, year, month, day] = parts.map(Number);
  if (!english) return `${year}年${month}月${day}日`;
  const month_name = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1];
  return month_name ? `${day} ${month_name} ${year}` : iso;
}

function say(text) {
  $("live").textContent = text;
}

// Words in the fixed part of the page carry their key.
function wordFixedParts() {
  document.documentElement.lang = english ? "en" : "zh-CN";
  fill($("titles").querySelector("h1"), own(plan.title));
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = t(node.dataset.word);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t(node.dataset.label));
}
