// What runs first: unpacks the page's styles, the program and the map library and lets them in.
// Their hashes stand in the page's policy, so nothing else can be let in this way.

async function boot() {
  document.documentElement.dataset.begun = "yes";
  try {
    const program = unpacked(document.getElementById("program").textContent);
    const data = unpacked(document.getElementById("data").textContent);
    data.catch(() => undefined); // whoever waits for it hears of it
    if (!getComputedStyle(document.documentElement).getPropertyValue("--ink")) throw new Error("the style was altered");
    const [early, page, late, library] = new TextDecoder("utf-8", { fatal: true }).decode(await program).split("\0");
    const first = part("style", early);
    document.body.append(first); // behind the style that stands in the page
    // The first map needs neither the library nor the style of the lists: they come after it.
    window.planboard = { data, broken, rest() { first.before(part("style", late)); document.head.append(part("script", library)); } };
    document.head.append(part("script", page));
  } catch {
    broken();
  }
}

function part(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

// The words may be what is damaged, so these two sentences stand in the page itself.
function broken() {
  document.documentElement.classList.remove("opening");
  document.getElementById("trouble").hidden = false;
}

boot();
