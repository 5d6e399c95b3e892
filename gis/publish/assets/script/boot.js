// What runs first: unpacks the page's style, the map library and the program and lets them in.
// Their hashes stand in the page's policy, so nothing else can be let in this way.

async function boot() {
  try {
    const data = unpacked(document.getElementById("data").textContent);
    data.catch(() => undefined); // whoever waits for it hears of it
    const program = new TextDecoder("utf-8", { fatal: true }).decode(await unpacked(document.getElementById("program").textContent));
    window.planboard = { data, broken };
    const parts = program.split("\0");
    for (const [i, text] of parts.entries()) {
      const part = document.createElement(i ? "script" : "style");
      part.textContent = text;
      document.head.appendChild(part);
    }
  } catch {
    broken();
  }
}

// The words may be what is damaged, so these two sentences stand in the page itself.
function broken() {
  document.getElementById("trouble").hidden = false;
}

boot();
