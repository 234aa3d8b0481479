// One picture of several with the words to it, and what a part of it says: beside the pointer, or for the hook that has the focus.
// Arrow keys change the picture while the map has the focus. Nothing is loaded from anywhere.

const note = (group) => group?.dataset.note ?? "";

function prepare(figure) {
  for (const group of figure.querySelectorAll("g[data-name]")) {
    const title = group.querySelector(":scope > title");
    if (title) {
      group.dataset.note = title.textContent;
      title.remove(); // or the browser would show its own, late and cut
    }
    if (group.classList.contains("node") && group.dataset.name.split(".").length === 2) {
      group.setAttribute("tabindex", "0");
      group.setAttribute("role", "img");
      group.setAttribute("aria-label", `${group.dataset.name.replace(".", " ")} ${note(group)}`);
    }
  }
}

function whole(hook) {
  const parts = [...hook.ownerSVGElement.querySelectorAll("g[data-note]")].filter((g) =>
    g.dataset.name.startsWith(`${hook.dataset.name}.`)
  );
  const own = note(hook) ? [note(hook)] : [];
  return [...own, ...parts.map((g) => `${g.dataset.name.split(".")[2]}: ${note(g)}`)].join("\n");
}

function render({ model, el }) {
  const frame = document.createElement("div");
  frame.className = "netlab-map";
  const figure = document.createElement("div");
  figure.className = "netlab-map-figure";
  figure.tabIndex = 0;
  figure.setAttribute("role", "group");
  figure.setAttribute("aria-label", "packet map: left and right arrow keys step through the journey");
  const tip = document.createElement("div");
  tip.className = "netlab-map-tip";
  tip.setAttribute("role", "status");
  tip.hidden = true;
  const words = document.createElement("div");
  words.className = "netlab-map-words";
  words.setAttribute("aria-live", "polite");
  frame.append(figure, tip);
  el.append(frame, words);

  const hooks = () => [...figure.querySelectorAll("g[tabindex]")];
  const show = () => {
    const focused = figure.contains(document.activeElement);
    const hook = hooks().indexOf(document.activeElement);
    figure.innerHTML = model.get("pictures")[model.get("step")] ?? "";
    words.innerHTML = model.get("words")[model.get("step")] ?? "";
    prepare(figure);
    tip.hidden = true;
    if (focused) (hooks()[hook] ?? figure).focus();
  };
  const tell = (group, text) => {
    tip.hidden = !text;
    if (!text) return;
    tip.textContent = text.replaceAll("; ", "\n");
    const at = group.getBoundingClientRect();
    const box = frame.getBoundingClientRect();
    tip.style.left = `${Math.max(0, Math.min(at.left - box.left, box.width - tip.offsetWidth))}px`;
    tip.style.top = `${at.bottom - box.top + 6}px`;
  };
  const step = (by) => {
    const next = model.get("step") + by;
    if (next < 0 || next >= model.get("pictures").length) return;
    model.set("step", next);
    model.save_changes();
  };

  figure.addEventListener("pointerover", (event) => {
    const group = event.target.closest("g[data-note]");
    tell(group, note(group));
  });
  figure.addEventListener("pointerleave", () => (tip.hidden = true));
  figure.addEventListener("focusin", (event) => {
    const hook = event.target.closest("g[tabindex]");
    tell(hook, hook ? whole(hook) : "");
  });
  figure.addEventListener("focusout", () => (tip.hidden = true));
  figure.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === "Escape") tip.hidden = true;
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    step(by);
  });

  model.on("change:step", show);
  model.on("change:pictures", show);
  model.on("change:words", show);
  show();
  return () => {
    model.off("change:step", show);
    model.off("change:pictures", show);
    model.off("change:words", show);
  };
}

export default { render };
