// Toasts leave after ten seconds, and wait as long as somebody is at them.
const TIME = 10_000;
const seen = new WeakSet();

export function startToasts(within) {
  for (const toast of document.querySelectorAll("#toasts [data-toast]")) {
    if (!seen.has(toast)) watch(toast);
  }
  void within;
}

function watch(toast) {
  seen.add(toast);
  let timer;
  const go = () => toast.remove();
  const wait = () => clearTimeout(timer);
  const count = () => {
    wait();
    if (!toast.matches(":hover, :focus-within")) timer = setTimeout(go, TIME);
  };
  toast.querySelector("[data-dismiss]")?.addEventListener("click", go);
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, wait);
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, () => setTimeout(count));
  count();
}

/** Show a message that the script itself has to give. */
export function say(text, tone = "neutral") {
  const region = document.getElementById("toasts");
  if (!region || !text) return;
  const toast = document.createElement("div");
  toast.className = "toast";
  Object.assign(toast.dataset, { toast: "", tone });
  toast.setAttribute("role", tone === "critical" ? "alert" : "status");
  const words = document.createElement("span");
  words.className = "say";
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.dataset.dismiss = "";
  close.textContent = document.body.dataset.close;
  toast.append(words, close);
  region.append(toast);
  watch(toast);
}
