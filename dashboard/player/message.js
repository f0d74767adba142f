// Takes the curves from Python: they come after the player, which need not wait for the network.

export default function (component) {
  globalThis.sercoreCurves = component.data;
  globalThis.dispatchEvent(new Event("sercore-curves"));
}
