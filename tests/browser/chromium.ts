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

/**
 * What is left off. The first two lines are what Playwright leaves off too: of two lists Chromium takes the last alone. The third: the
 * address bar's suggestions are pages in a process of their own, made anew for each context though nobody sees that bar, and
 * a process held in store for the next page is one more; without both a phone's page opens with half the work.
 */
const without = [
  'AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding',
  'ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch',
  'WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,SpareRendererForSitePerProcess',
];

let launched: Promise<Browser> | undefined;

/** One for all that a process does, a file's tests after another's: it ends with the process, or when it is closed. */
export async function openChromium(): Promise<Browser> {
  const before = await launched;
  if (before?.isConnected()) return before;
  launched = chromium.launch({
    executablePath: chromePath,
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      `--disable-features=${without.join()}`,
      '--host-resolver-rules=MAP 192.168.77.* 127.0.0.1',
    ],
  });
  return launched;
}
