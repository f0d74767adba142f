// Why this browser would not give its microphone, told before it is asked for; the page then shows that in its place.

async function refusal(say, again) {
  if (!navigator.mediaDevices?.getUserMedia) return say.too_old;
  const allowed = await navigator.permissions?.query({ name: "microphone" }).catch(() => null); // not all browsers tell
  if (allowed) allowed.onchange = again;
  if (allowed?.state === "denied") return say.denied;
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  navigator.mediaDevices.ondevicechange = again;
  return devices.length && !devices.some(({ kind }) => kind === "audioinput") ? say.not_found : "";
}

export default function ({ parentElement, data }) {
  const tell = async () => {
    const words = await refusal(data, tell);
    parentElement.querySelector("[role=status]").textContent = words;
    document.documentElement.dataset.microphone = words ? "refused" : ""; // page.css shows the one or the other
  };
  tell();
}
