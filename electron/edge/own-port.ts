/** Asks this very server at one of its own addresses, as a phone would ask. */
import { get } from 'node:http';
import * as z from 'zod/mini';
import { read, readJson } from '../../protocol/codec.ts';

const health = z.object({ status: z.enum(['ok', 'unavailable']), version: z.string() });

/**
 * Whether a server like ours answers there, within `withinMs` (2000). A yes does not say that a firewall lets others through:
 * what a PC asks itself passes none.
 */
export function answersAt(host: string, port: number, withinMs = 2_000): Promise<boolean> {
  return new Promise(resolve => {
    const request = get({ host, port, path: '/health', agent: false, signal: AbortSignal.timeout(withinMs) });
    request.once('error', () => resolve(false));
    request.once('response', response => {
      let text = '';
      response.setEncoding('utf8').on('data', chunk => {
        text += chunk;
        // Whatever goes on longer is none of ours.
        if (text.length > 1_000) request.destroy(new Error('too long'));
      });
      response.once('error', () => resolve(false));
      response.once('end', () => {
        const json = readJson(text);
        resolve(json.ok && read(health, json.value).ok);
      });
    });
  });
}
