// Making elements. Text only ever becomes a text node.

const $ = (id) => document.getElementById(id);

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  add(node, children);
  return node;
}

function add(node, children) {
  for (const child of children) {
    if (Array.isArray(child)) add(node, child);
    else if (child instanceof Node) node.appendChild(child);
    else if (child !== null && child !== undefined && child !== "") node.appendChild(document.createTextNode(child));
  }
}

function fill(node, ...children) {
  node.replaceChildren();
  add(node, children);
}

// A user's own words keep their reading direction to themselves, and in English Chinese ones are spoken as Chinese.
const own = (text) => el("bdi", { lang: english && /[\u3400-\u9fff]/.test(text) ? "zh-CN" : null }, text);

function button(label, attributes, press) {
  return el("button", Object.assign({ type: "button", onclick: press }, attributes), label);
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

function once(work) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; work(); });
  };
}

const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const beside = () => window.matchMedia("(max-width: 859px) and (max-height: 700px)").matches; // the buttons of the map stand at its side
const narrow = () => window.matchMedia("(max-width: 859px)").matches;
