// The face's own script: every part works on its own and looks after itself.
import { startDialogs } from "./dialogs.js";
import { startKeys } from "./keys.js";
import { startPickers } from "./picker.js";
import { startPolling } from "./poll.js";
import { say, startToasts } from "./toasts.js";

const root = document.documentElement;

/** Charts are drawn by a large library: it is fetched only where a chart stands. */
async function drawCharts(within) {
  if (!within.querySelector?.("[data-chart]")) return;
  const [own, ...library] = document.body.dataset.charts.split(" ");
  const { draw } = await import(own);
  await draw(within, library);
}

/** What a page needs when it opens, and a fragment when it arrives. */
function greet(within) {
  within.querySelector?.("[data-focus]")?.focus();
  startPolling(within);
  startToasts(within);
  drawCharts(within);
}

function markBusy(busy) {
  if (busy) root.dataset.busy = "";
  else delete root.dataset.busy;
}

// A form is sent once: its button says so until the next page is there.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.defaultPrevented || event.target.method === "dialog" || !button) return;
  if (button.getAttribute("aria-busy") === "true") return event.preventDefault();
  button.setAttribute("aria-busy", "true");
  markBusy(true);
});

// Back from the browser's cache: nothing is on its way any more.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  markBusy(false);
  for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
});

document.addEventListener("htmx:before:request", () => markBusy(true));
document.addEventListener("htmx:finally:request", () => markBusy(false));
document.addEventListener("htmx:error", () => say(document.body.dataset.offline, "critical"));

// A failure that answers with a whole page is told in a toast, never put into a part of this one.
document.addEventListener("htmx:after:request", (event) => {
  const { response, text } = event.detail?.ctx ?? {};
  if (!(response?.status >= 400) || !/^\s*<!doctype/i.test(text ?? "")) return;
  event.preventDefault();
  say(document.body.dataset.failed, "critical");
});
document.addEventListener("htmx:after:swap", (event) => greet(event.detail?.ctx?.target ?? document.body));

startDialogs();
startPickers();
startKeys();
greet(document.body);

// On a phone the tab one stands on may lie outside its row.
for (const here of document.querySelectorAll(".tabs [aria-current]")) {
  here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - 24;
}
