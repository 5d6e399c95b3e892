// What runs first: unpacks the map library and the page's program and lets them in.
// Their hashes stand in the page's policy, so nothing else can be let in this way.

async function boot() {
  try {
    const program = new TextDecoder("utf-8", { fatal: true }).decode(await unpacked(document.getElementById("program").textContent));
    window.planboard = { unpacked, broken };
    for (const text of program.split("\0")) {
      const script = document.createElement("script");
      script.textContent = text;
      document.head.appendChild(script);
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
