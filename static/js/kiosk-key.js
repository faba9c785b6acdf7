// The tablet's own key, with which it signs what it sends.
import { recall, remember } from "./outbox.js";
import { newSigner } from "./seal.js";

// Kept before the server hears of it: some browsers make one and cannot keep it.
export async function ownKey() {
  const own = await newSigner();
  if (!own) return null;
  try {
    await remember({ signer: own.signer });
    return await recall("signer") ? own : null;
  } catch {
    return null;
  }
}
