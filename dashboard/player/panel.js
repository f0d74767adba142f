// What stands around the waveform: presets, chain, facts, buttons.

const percent = (share) => `${Math.round(share * 100)}\u00a0%`;

function addPresets(root, presets, choose) {
  const panel = root.querySelector(".presets");
  let group = null;
  for (const preset of presets) {
    if (preset.group !== group) {
      group = preset.group;
      const title = document.createElement("span");
      title.textContent = group;
      panel.append(title);
    }
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = preset.name;
    button.title = preset.meaning;
    Object.assign(button.dataset, { pN: preset.p_n, pL: preset.p_l });
    button.addEventListener("click", () => choose(preset));
    panel.append(button);
  }
}

function addReceivers(root, receivers) {
  for (const { name, title, meaning } of receivers) {
    root.querySelector(".given select").append(Object.assign(new Option(title, name), { title: meaning }));
  }
}

// awaited: the seed whose losses are still to come; null where those that are shown are the seed's own.
function showChannel(root, pN, pL, received, packetMs, awaited) {
  const unit = packetMs === FRAME_MS ? "frame" : "packet";
  const write = (selector, text) => { root.querySelector(selector).textContent = text; };
  root.querySelector("input.p-n").value = pN;
  root.querySelector("input.p-l").value = pL;
  const exact = (value) => Number(value.toFixed(2)) === value ? value.toFixed(2) : String(value); // as a link may say
  for (const [name, value] of [["p-n", pN], ["p-l", pL]]) write(`output.${name}`, exact(value));
  for (const [name, value] of [["stay-n", pN], ["to-l", 1 - pN], ["stay-l", pL], ["to-n", 1 - pL]]) {
    const arrow = root.querySelector(`.arrow.${name}`);
    arrow.style.strokeWidth = 0.6 + 5 * value; // the wider, the likelier
    arrow.style.opacity = value === 0 ? 0.15 : 1;
    write(`.p.${name}`, value.toFixed(2));
  }
  write(".expected", percent(lossRate(pN, pL)));
  write(".drawn", awaited === null ? percent(lostPackets(received) / received.length) : "\u2026");
  const begins = pN < 1, ends = pL < 1;
  const burst = ends ? `${Math.round(packetMs / (1 - pL)).toLocaleString("en")} ms` : "never ends";
  write(".burst .ms", begins ? burst : "none");
  write(".burst small", begins && ends ? `${(1 / (1 - pL)).toFixed(1)} ${unit}s` : "");
  write(".environment", environmentName(pN, pL));
  write(".summary", awaited === null ? summary(received, packetMs, unit) :
    `The losses of seed ${awaited} are on their way; these are still the ones before.`);
  for (const button of root.querySelectorAll(".presets button")) {
    button.setAttribute("aria-pressed", Number(button.dataset.pN) === pN && Number(button.dataset.pL) === pL);
  }
}

function lostPackets(received) {
  return received.length - received.reduce((sum, bit) => sum + bit, 0);
}

function summary(received, packetMs, unit) {
  const lost = lostPackets(received);
  const bursts = lostRuns(received).length;
  const all = `${received.length.toLocaleString("en")} ${unit}s`;
  if (!lost) return `All ${all} arrive in this draw.`;
  const many = `${bursts.toLocaleString("en")} ${bursts === 1 ? "burst" : "bursts"}`;
  return `${lost.toLocaleString("en")} of ${all} are lost in this draw, in ${many}; ` +
    `one ${unit} is ${packetMs} ms. Hatched is lost.`;
}

// coming: the share of the sound that is there already.
function showButtons(root, sound, choice, coming = 0) {
  const play = root.querySelector(".play");
  play.disabled = !sound.audio || sound.empty;
  const ready = sound.empty ? "Nothing arrives to be played" : sound.playing ? "❚❚  Pause" : "▶  Play";
  const part = coming > 0 && coming < 1 ? ` ${percent(coming)}` : "";
  play.textContent = sound.audio ? ready : `Sound is on its way …${part}`;
  for (const button of root.querySelectorAll(".ab button")) {
    const chosen = button.dataset.value === sound.version;
    button.setAttribute("aria-checked", chosen);
    button.tabIndex = chosen ? 0 : -1; // Tab goes from group to group, arrows choose within one
  }
  const given = root.querySelector(".given select");
  given.value = choice.given;
  root.querySelector(".ab .made").textContent = given.selectedOptions[0]?.textContent ?? "";
  root.querySelector(".given small").textContent = given.selectedOptions[0]?.title ?? "";
  const seed = root.querySelector(".seed");
  if (root.getRootNode().activeElement !== seed) seed.value = choice.seed;
}

// A teacher's link may hide controls, whose values stay as the link says; a question hides its answer.
function hideControls(root, hidden) {
  const parts = { presets: ".presets", channel: ".sliders", seed: ".draw, .key-n", given: ".given", burst: ".mean-burst",
    chain: ".chain", corner: ".environment-name" };
  for (const [name, selector] of Object.entries(parts)) {
    for (const part of root.querySelectorAll(selector)) part.toggleAttribute("hidden", hidden.includes(name));
  }
}
