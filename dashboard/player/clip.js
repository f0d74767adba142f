// Takes sound from Python once: a line "kind name", then 16-bit samples. Kinds: the clip, and what a receiver made of it.

export default function (component) {
  const bytes = component.data;
  if (!(bytes instanceof Uint8Array)) return;
  const end = bytes.indexOf(10);
  if (end < 0) return;
  const [kind, name] = new TextDecoder().decode(bytes.subarray(0, end)).split(" ");
  const integers = new Int16Array(bytes.slice(end + 1).buffer);
  const audio = new Float32Array(integers.length);
  for (let i = 0; i < integers.length; i++) audio[i] = integers[i] / 32768;
  globalThis.sercoreSounds = { ...globalThis.sercoreSounds, [kind]: { name, audio } };
  globalThis.dispatchEvent(new Event("sercore-sound"));
}
