/** How V8 keeps house in the server's process, whoever started it. */
import { setFlagsFromString } from 'node:v8';

/**
 * V8 takes the bytes of Buffers for growth of the heap, and after each whole collection allows less than 10 MB of it: with photos
 * going through that is one at every tenth of them, each looking at all 20 MB that stay. Young Buffers are collected at every 32 MB
 * anyway, so the heap may grow to three times what stays before all of it is looked at. Halves what relaying a photo costs
 * (`npm run bench -- relay`); more would cost still less, and memory: what is no longer used may stay for up to 40 MB.
 */
export function letHeapGrow(): void {
  setFlagsFromString('--heap-growing-percent=200');
}
