// Palette and programme switcher: one field, one listbox. With data-src the server
// finds (a fragment of options); without it the options on the page are sifted.
const DELAY = 120;
let request = 0;

export function startPickers() {
  for (const picker of document.querySelectorAll("[data-picker]")) start(picker);
}

function start(picker) {
  const field = picker.querySelector("input");
  const list = picker.querySelector("[role=listbox]");
  let timer;
  const find = () => (picker.dataset.src ? ask(picker, field, list) : sift(field, list));
  picker.addEventListener("opened", () => {
    field.select();
    field.focus();
    find();
  });
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, DELAY);
  });
  field.addEventListener("keydown", (event) => steer(event, field, list));
  list.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(field, list, option, false);
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) follow(option, event.ctrlKey || event.metaKey);
  });
}

async function ask(picker, field, list) {
  const mine = ++request;
  const address = new URL(picker.dataset.src, location.href);
  address.searchParams.set("q", field.value.trim());
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    if (mine !== request || !answer.ok) return;
    list.innerHTML = await answer.text();
    choose(field, list, options(list)[0]);
  } catch {
    // Offline: what was found before stays readable.
  }
}

function sift(field, list) {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const option of list.querySelectorAll("[role=option]")) {
    const text = option.textContent.toLowerCase();
    option.hidden = !words.every((word) => text.includes(word));
  }
  choose(field, list, options(list)[0]);
}

function options(list) {
  return [...list.querySelectorAll("[role=option]:not([hidden])")];
}

function choose(field, list, option, scroll = true) {
  for (const other of list.querySelectorAll("[aria-selected=true]")) other.setAttribute("aria-selected", "false");
  if (!option) return field.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", option.id);
  if (scroll) option.scrollIntoView({ block: "nearest" });
}

function steer(event, field, list) {
  const all = options(list);
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const last = all.length - 1;
  const to = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    choose(field, list, all[to]);
  } else if (event.key === "Enter" && all[at]) {
    event.preventDefault();
    follow(all[at], event.ctrlKey || event.metaKey);
  }
}

function follow(option, apart) {
  const address = option.dataset.href;
  if (!address) return;
  if (apart) window.open(address, "_blank", "noopener");
  else location.assign(address);
}
