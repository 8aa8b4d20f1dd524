const root = document.documentElement;
root.classList.add("scripted");
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const tongue = () => (document.getElementById("l-ja").checked ? "ja" : "en");

for (const radio of all("input[name=l]")) {
  radio.addEventListener("change", () => { root.lang = tongue(); regroup(); });
}

function reveal() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  if (target.hidden && rows.includes(target)) { room = Infinity; find.value = ""; least.value = "0"; regroup(); }
  target.scrollIntoView();
}
addEventListener("hashchange", reveal);

let closed = [];
addEventListener("beforeprint", () => {
  closed = all("details.incident:not([open])");
  for (const one of closed) one.open = true;
});
addEventListener("afterprint", () => { for (const one of closed) one.open = false; });

const table = document.getElementById("all");
const body = table && table.tBodies[0];
const rows = body ? [...body.rows] : [];
const words = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
const find = document.getElementById("find");
const least = document.getElementById("least");
const group = document.getElementById("group");
const shown = document.getElementById("shown");
const rest = document.getElementById("rest");
const STEP = 200;
let room = STEP;
let order = { key: "t", down: false };

const value = (row, key) => (key === "e" || key === "w" ? row.dataset[key] : Number(row.dataset[key]));

function compare(a, b) {
  const [x, y] = [value(a, order.key), value(b, order.key)];
  const sign = x < y ? -1 : x > y ? 1 : 0;
  return order.down ? -sign : sign;
}

function groupName(row) {
  const cell = { e: ".who", w: ".what b", i: ".inc", s: ".sv" }[group.value];
  if (group.value === "s") return getComputedStyle(row.querySelector(".sev"), "::before").content.replaceAll('"', "");
  const from = row.querySelector(cell);
  const mine = from.querySelector(`.${tongue()}`);
  return (mine || from).textContent.trim();
}

function regroup() {
  if (!body) return;
  for (const head of all("tr.group", body)) head.remove();
  const wanted = find.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const fits = rows.filter((row) => Number(row.dataset.s) >= Number(least.value) && wanted.every((word) => words.get(row).includes(word))).sort(compare);
  const parts = (group.value ? grouped(fits) : [[null, fits]]);
  const visible = [];
  for (const row of rows) row.hidden = true;
  for (const [head, members] of parts) {
    const some = members.slice(0, Math.max(0, room - visible.length));
    if (head && some.length) body.append(head);
    for (const row of some) row.hidden = false;
    body.append(...some);
    visible.push(...some);
  }
  rest.hidden = visible.length === fits.length;
  shown.textContent = `${visible.length} / ${fits.length} / ${rows.length}`;
}

function grouped(fits) {
  const groups = new Map();
  for (const row of fits) {
    const name = groupName(row);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(row);
  }
  return [...groups].sort((a, b) => b[1].length - a[1].length).map(([name, members]) => [heading(name, members.length), members]);
}

function heading(name, n) {
  const head = document.createElement("tr");
  head.className = "group";
  const cell = head.insertCell();
  cell.colSpan = 6;
  cell.textContent = `${name || "–"} (${n})`;
  return head;
}

if (table) {
  let pause = 0;
  find.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(regroup, 120); });
  rest.addEventListener("click", () => { room += STEP; regroup(); });
  least.addEventListener("change", regroup);
  group.addEventListener("change", regroup);
  for (const button of all("th button", table)) {
    button.addEventListener("click", () => {
      const key = button.dataset.key;
      order = { key, down: order.key === key ? !order.down : key === "s" || key === "n" };
      for (const head of all("th", table)) head.removeAttribute("aria-sort");
      button.parentElement.setAttribute("aria-sort", order.down ? "descending" : "ascending");
      regroup();
    });
  }
  regroup();
}

const help = document.getElementById("help");
const steps = () => all(".ranked > li, details.incident > summary, #all tbody tr:not(.group):not([hidden])").filter((one) => one.offsetParent !== null);
let going = false;

function step(by) {
  const list = steps();
  const at = list.indexOf(document.activeElement.closest("[tabindex], summary"));
  const next = list[at < 0 ? nearest(list) : Math.min(list.length - 1, Math.max(0, at + by))];
  if (!next) return;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "center" });
}

const nearest = (list) => Math.max(0, list.findIndex((one) => one.getBoundingClientRect().top > 60));

function enter(event) {
  const at = document.activeElement;
  if (!at.matches(".ranked > li, #all tbody tr")) return;
  const link = at.querySelector("a[href]");
  if (link) { event.preventDefault(); link.click(); }
}

const places = { i: "incidents", f: "findings", c: "coverage", r: "rules", e: "evidence", t: "top" };

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (going) {
    going = false;
    if (places[event.key]) { location.hash = ""; location.hash = places[event.key]; }
    return;
  }
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "g") going = true;
  else if (event.key === "Enter") enter(event);
  else if (event.key === "/" && find) { event.preventDefault(); location.hash = "findings"; find.focus(); }
  else if (event.key === "?" && help) help.open ? help.close() : help.showModal();
});

reveal();
