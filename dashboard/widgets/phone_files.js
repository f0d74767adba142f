// Files that the server does not read, as phones record them, are decoded by the browser and handed on as WAV;
// of those that are too long for it the visitor chooses a part.

const seconds = (count) => `${Math.floor(count / 60)}:${String(Math.floor(count % 60)).padStart(2, "0")}`;

function durationOf(file) {
  return new Promise((done) => {
    const sound = new Audio(URL.createObjectURL(file));
    const finish = (length) => { URL.revokeObjectURL(sound.src); done(length); };
    sound.onloadedmetadata = () => finish(sound.duration);
    sound.onerror = () => finish(NaN);
    setTimeout(() => finish(NaN), 3000);
  });
}

function mixed(buffer) {
  const out = new Float32Array(buffer.length);
  for (let channel = 0; channel < buffer.numberOfChannels; channel++) {
    buffer.getChannelData(channel).forEach((value, i) => { out[i] += value / buffer.numberOfChannels; });
  }
  return out;
}

// 16 bits, one channel.
function wavOf(samples, rate, name) {
  const view = new DataView(new ArrayBuffer(44 + 2 * samples.length));
  const write = (at, text) => [...text].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
  write(0, "RIFF"); write(8, "WAVEfmt "); write(36, "data");
  for (const [at, value] of [[4, 36 + 2 * samples.length], [16, 16], [24, rate], [28, 2 * rate], [40, 2 * samples.length]]) {
    view.setUint32(at, value, true);
  }
  for (const [at, value] of [[20, 1], [22, 1], [32, 2], [34, 16]]) view.setUint16(at, value, true);
  samples.forEach((value, i) => view.setInt16(44 + 2 * i, Math.round(32767 * Math.max(-1, Math.min(1, value))), true));
  return new File([view], `${name.replace(/\.[^.]*$/, "")}.wav`, { type: "audio/wav" });
}

// Where the part begins that a visitor takes of a sound that is too long, in seconds.
function chosenStart(panel, length, { longest, say }) {
  const slider = panel.querySelector("input");
  const show = () => {
    panel.querySelector("p").textContent = say.too_long.replace("{}", seconds(length));
    panel.querySelector("output").textContent = `${seconds(slider.valueAsNumber)} to ${seconds(slider.valueAsNumber + longest)}`;
  };
  Object.assign(slider, { max: Math.floor(length - longest), value: 0, oninput: show });
  panel.hidden = false;
  show();
  return new Promise((done) => {
    panel.querySelector("button").onclick = () => { panel.hidden = true; done(slider.valueAsNumber); };
  });
}

async function prepared(file, root, data) {
  const { readable, longest, rate, say } = data;
  const isReadable = readable.includes(file.name.split(".").pop().toLowerCase());
  if (isReadable && !((await durationOf(file)) > longest + 0.5)) return file;
  const status = root.querySelector(".status");
  status.textContent = say.decoding;
  try {
    const decoder = new OfflineAudioContext(1, 1, rate); // which resamples what it decodes
    const samples = mixed(await decoder.decodeAudioData(await file.arrayBuffer()));
    status.textContent = "";
    const length = samples.length / rate;
    const start = length > longest ? await chosenStart(root.querySelector(".part"), length, data) : 0;
    return wavOf(samples.subarray(start * rate, (start + longest) * rate), rate, file.name);
  } catch { // the server says in a sentence what is wrong with it
    status.textContent = isReadable ? "" : say.not_decoded;
    return file;
  }
}

export default function (component) {
  const root = component.parentElement;
  const leave = new AbortController();
  let passing = false;
  const listen = (event, filesOf) => document.addEventListener(event, async (happened) => {
    const uploader = happened.target.closest?.(".st-key-upload");
    const [file] = filesOf(happened);
    if (!uploader || passing || !file) return;
    happened.stopImmediatePropagation();
    happened.preventDefault();
    const input = uploader.querySelector("input[type=file]");
    const box = new DataTransfer();
    box.items.add(await prepared(file, root, component.data));
    input.files = box.files;
    passing = true;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    passing = false;
  }, { capture: true, signal: leave.signal });
  listen("change", ({ target }) => target.files ?? []);
  listen("drop", ({ dataTransfer }) => dataTransfer?.files ?? []);
  return () => leave.abort();
}
