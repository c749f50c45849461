// Long work: an element with data-poll is replaced by what the server answers, each
// second at first, later each five. It ends when the answer no longer asks for it.
const FIRST = 1_000;
const SLOWEST = 5_000;
const watched = new WeakSet();

export function startPolling(within) {
  const own = within.matches?.("[data-poll]") ? [within] : [];
  for (const place of [...own, ...(within.querySelectorAll?.("[data-poll]") ?? [])]) {
    if (!watched.has(place)) wait(place, FIRST);
  }
}

function wait(place, time) {
  watched.add(place);
  setTimeout(() => refresh(place, Math.min(time * 1.25, SLOWEST)), time);
}

async function refresh(place, time) {
  if (!place.isConnected) return;
  if (document.hidden) return wait(place, SLOWEST);
  let answer;
  try {
    answer = await fetch(place.dataset.poll, { headers: { "HX-Request": "true" } });
  } catch {
    return wait(place, SLOWEST);
  }
  const next = answer.headers.get("HX-Redirect");
  if (next) return location.assign(next);
  if (!answer.ok) return answer.status >= 500 ? wait(place, SLOWEST) : undefined;
  const holder = document.createElement("template");
  holder.innerHTML = (await answer.text()).trim();
  const fresh = holder.content.firstElementChild;
  if (!fresh || place.contains(document.activeElement)) return wait(place, time);
  place.replaceWith(holder.content);
  if (fresh.matches("[data-poll]")) wait(fresh, time);
  document.dispatchEvent(new CustomEvent("htmx:after:swap", { detail: { ctx: { target: fresh } } }));
}
