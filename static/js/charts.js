// Draws the Vega-Lite and Vega specifications of a page. Colours in them are CSS
// variables; they are resolved here, and again when the theme changes.
const VARIABLE = /var\(--[\w-]+\)/g;
const drawn = new Map();
let library;

export async function draw(within, addresses) {
  library ??= load(addresses);
  await Promise.all([library, document.fonts.load('12px "Inter"').catch(() => undefined)]);
  await Promise.all([...within.querySelectorAll("[data-chart]")].map(embed));
}

/** The builds are plain scripts that lean on one another: one after the other. */
async function load(addresses) {
  for (const address of addresses) {
    await new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
  }
}

async function embed(place) {
  if (drawn.has(place)) drawn.get(place).finalize();
  const source = document.getElementById(place.dataset.chart);
  if (!source) return;
  const spec = fitted(JSON.parse(inked(source.textContent, place)), place.clientWidth);
  try {
    const result = await window.vegaEmbed(place, spec, {
      renderer: "svg",
      ast: true,
      actions: false,
      defaultStyle: false,
      tooltip: { disableDefaultStyle: true },
    });
    drawn.set(place, result);
    place.dataset.width = place.clientWidth;
    if (!sizes.has(place)) watch(place);
  } catch (error) {
    fail(place, error);
  }
}

/** Without a picture the numbers are shown. */
function fail(place, error) {
  place.dataset.state = "failed";
  const data = place.closest("figure")?.querySelector("details");
  if (data) data.open = true;
  console.error("chart", place.dataset.chart, error);
}

/** Every variable replaced by the colour that it has at this place, in this theme. */
function inked(text, place) {
  const probe = document.createElement("i");
  probe.hidden = true;
  place.append(probe);
  const known = new Map();
  const colour = (variable) => {
    if (!known.has(variable)) {
      probe.style.color = variable;
      known.set(variable, getComputedStyle(probe).color);
    }
    return known.get(variable);
  };
  const result = text.replace(VARIABLE, colour);
  probe.remove();
  return result;
}

/** Joined charts cannot fill their container by themselves, nor can plain Vega. */
function fitted(spec, width) {
  const vega = spec.$schema?.includes("/schema/vega/");
  if (vega && spec.width === undefined) spec.width = width;
  const inset = spec.usermeta?.inset ?? 60;
  for (const part of spec.vconcat ?? []) part.width ??= Math.max(width - inset, 240);
  const parts = spec.hconcat ?? [];
  for (const part of parts) part.width ??= Math.max(width / parts.length - inset, 160);
  return spec;
}

const sizes = new WeakSet();
const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const spec = drawn.get(target)?.spec;
    const joined = spec?.vconcat || spec?.hconcat || spec?.$schema?.includes("/schema/vega/");
    if (joined && Number(target.dataset.width) !== target.clientWidth) embed(target);
  }
});

function watch(place) {
  sizes.add(place);
  watcher.observe(place);
}

function redraw() {
  for (const place of drawn.keys()) {
    if (place.isConnected) embed(place);
    else {
      drawn.get(place).finalize();
      drawn.delete(place);
    }
  }
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
