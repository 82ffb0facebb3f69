/** The browser of these tests: whichever Chromium there is, told that the desk's LAN address is this machine. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright';

/** What a phone on the Wi-Fi would ask for: not loopback, so that the page is no secure context there either. All its neighbours are this machine too. */
export const lanName = '192.168.77.5';

/** `npm test` has looked for one (scripts/setup-tests.mjs). */
export const chromePath = process.env.CHROME_PATH ?? '/usr/bin/chromium';
export const noChrome = existsSync(chromePath)
  ? null
  : 'there is no Chrome, Chromium or Edge here (CHROME_PATH names one)';

export function openChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromePath,
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--host-resolver-rules=MAP 192.168.77.* 127.0.0.1',
    ],
  });
}
