// Single keys (UI 6.2). They can be switched off, and never fire in a field.
import { openDialog } from "./dialogs.js";

const PLACES = { h: "portfolio", w: "work", n: "notifications" };
const GOING = 1200;
let going = 0;

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      if (openDialog("palette")) event.preventDefault();
      return;
    }
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.body.dataset.shortcuts === "off" || busyElsewhere(event.target)) return;
    if (act(event.key)) event.preventDefault();
  });
}

function busyElsewhere(target) {
  return target.closest?.("input, select, textarea, [contenteditable], dialog[open]") || document.querySelector("dialog[open]");
}

function act(key) {
  const now = performance.now();
  if (now - going < GOING && PLACES[key]) {
    going = 0;
    return press(`[data-key="${PLACES[key]}"]`);
  }
  going = 0;
  if (key === "g") {
    going = now;
    return true;
  }
  if (/^[1-8]$/.test(key)) return press(`[data-phase-key="${key}"]`);
  if (key === "j" || key === "k") return step(key === "j" ? 1 : -1);
  if (key === "p") return openDialog("switch");
  if (key === "?") return openDialog("shortcuts");
  if (key === "/") return filter();
  if (key === "z") return undo();
  return /^[a-z]$/.test(key) && press(`[data-shortcut="${key}"]`);
}

function press(selector) {
  const found = document.querySelector(selector);
  found?.click();
  return Boolean(found);
}

function filter() {
  const field = document.querySelector("[data-filter], .filters input, main input[type=search]");
  if (!field) return openDialog("palette");
  field.focus();
  field.select?.();
  return true;
}

/** The latest change that a toast still offers to take back. */
function undo() {
  const buttons = document.querySelectorAll("#toasts [data-undo]");
  const last = buttons[buttons.length - 1];
  last?.click();
  return Boolean(last);
}

/** The rows of the main table or list, through the first link of each. */
function step(by) {
  const rows = [...document.querySelectorAll("main :is(tbody tr, .list > li, .checklist > li)")];
  const links = rows.map((row) => row.querySelector("a[href], button, input")).filter(Boolean);
  if (!links.length) return false;
  const at = rows.map((row) => row.contains(document.activeElement)).indexOf(true);
  const from = at < 0 ? (by > 0 ? -1 : links.length) : links.findIndex((link) => rows[at].contains(link));
  const next = links[Math.min(Math.max(from + by, 0), links.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}
