// Takes sound from Python, piece by piece: a line "kind name first all", then 16-bit samples from the first on. Kinds:
// the clip, and what a receiver made of it. A sound is there once all of its samples are.

export default function (component) {
  const bytes = component.data;
  if (!(bytes instanceof Uint8Array)) return;
  const end = bytes.indexOf(10);
  if (end < 0) return;
  const [kind, name, first, all] = new TextDecoder().decode(bytes.subarray(0, end)).split(" ");
  const integers = new Int16Array(bytes.slice(end + 1).buffer);
  const coming = globalThis.sercoreComing ??= {};
  if (coming[kind]?.name !== name) coming[kind] = { name, audio: new Float32Array(Number(all)), pieces: new Map() };
  const { audio, pieces } = coming[kind];
  if (!pieces.has(first)) {
    for (let i = 0; i < integers.length; i++) audio[Number(first) + i] = integers[i] / 32768;
    pieces.set(first, integers.length);
  }
  const there = [...pieces.values()].reduce((sum, length) => sum + length, 0);
  coming[kind].share = audio.length ? there / audio.length : 1;
  if (there === audio.length) globalThis.sercoreSounds = { ...globalThis.sercoreSounds, [kind]: { name, audio } };
  globalThis.dispatchEvent(new Event("sercore-sound"));
}
