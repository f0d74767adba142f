// Takes the sound from Python once for each clip: 64 letters of SHA-256, then 16-bit samples.

export default function (component) {
  const bytes = component.data;
  if (!(bytes instanceof Uint8Array) || bytes.length < 64) return;
  const name = new TextDecoder().decode(bytes.subarray(0, 64));
  const integers = new Int16Array(bytes.slice(64).buffer);
  const audio = new Float32Array(integers.length);
  for (let i = 0; i < integers.length; i++) audio[i] = integers[i] / 32768;
  globalThis.sercoreClip = { name, audio };
  globalThis.dispatchEvent(new Event("sercore-clip"));
}
