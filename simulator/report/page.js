"use strict";
// Tables filter by what a row says; the diagram zooms, moves, and shows what needs what.

for (const table of document.querySelectorAll(".table")) {
  const search = table.querySelector("input");
  if (!search) continue;
  const select = table.querySelector("select");
  const output = table.querySelector("output");
  const rows = [...table.querySelectorAll("tbody tr")];
  const said = rows.map((row) => row.textContent.toLowerCase());
  const groups = rows.map((row) => (row.dataset.group || "").split("|"));
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const group = select ? select.value : "";
    let shown = 0;
    rows.forEach((row, i) => {
      const fits = words.every((word) => said[i].includes(word)) &&
        (!group || groups[i].includes(group));
      row.hidden = !fits;
      shown += fits;
    });
    output.textContent = `${shown} of ${rows.length}`;
  };
  search.addEventListener("input", filter);
  if (select) select.addEventListener("change", filter);
}

const drawing = document.getElementById("architecture");
const canvas = drawing.closest(".canvas");
let zoom = 1;

const zoomTo = (next) => {
  const middle = (canvas.scrollLeft + canvas.clientWidth / 2) / drawing.clientWidth;
  zoom = Math.min(4, Math.max(0.5, next));
  canvas.style.setProperty("--zoom", zoom);
  canvas.scrollLeft = middle * drawing.clientWidth - canvas.clientWidth / 2;
};
for (const button of document.querySelectorAll("[data-zoom]")) {
  const factor = Number(button.dataset.zoom);
  button.addEventListener("click", () => zoomTo(factor ? zoom * factor : 1));
}
canvas.addEventListener("wheel", (event) => {
  if (!event.ctrlKey) return;
  event.preventDefault();
  zoomTo(zoom * (event.deltaY < 0 ? 1.1 : 0.9));
}, { passive: false });

let from = null;
canvas.addEventListener("pointerdown", (event) => {
  if (event.pointerType !== "mouse") return; // fingers scroll by themselves
  from = { x: event.clientX, y: event.clientY, left: canvas.scrollLeft, top: canvas.scrollTop };
});
addEventListener("pointermove", (event) => {
  if (!from) return;
  const moved = Math.hypot(event.clientX - from.x, event.clientY - from.y) > 4;
  if (moved) canvas.classList.add("grabbed");
  canvas.scrollLeft = from.left - (event.clientX - from.x);
  canvas.scrollTop = from.top - (event.clientY - from.y);
});
addEventListener("pointerup", () => {
  from = null;
  setTimeout(() => canvas.classList.remove("grabbed"));
});

const edges = [...drawing.querySelectorAll(".edge")];
const components = [...drawing.querySelectorAll(".component")];
const light = (name) => {
  const near = new Set([name]);
  for (const edge of edges) {
    const on = edge.dataset.source === name || edge.dataset.target === name;
    edge.classList.toggle("on", on);
    if (on) near.add(edge.dataset.source).add(edge.dataset.target);
  }
  for (const part of components) part.classList.toggle("on", near.has(part.dataset.component));
  drawing.classList.toggle("lit", name !== null);
};
for (const component of components) {
  const name = component.dataset.component;
  component.addEventListener("pointerenter", () => light(name));
  component.addEventListener("pointerleave", () => light(null));
  component.addEventListener("focus", () => light(name));
  component.addEventListener("blur", () => light(null));
  component.addEventListener("dragstart", (event) => event.preventDefault());
  component.addEventListener("click", (event) => {
    if (canvas.classList.contains("grabbed")) return event.preventDefault();
    const select = document.querySelector("#inventory-table select");
    select.value = name;
    select.dispatchEvent(new Event("change"));
  });
}

// On paper nothing can be opened.
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("td details")) {
    if (!part.querySelector("pre")) part.open = true;
  }
});
