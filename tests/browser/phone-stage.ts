import type { Browser } from 'playwright';
import { scene } from '../../electron/images/sample-photos.ts';
import { openChromium } from './chromium.ts';
import { openPlace, type Place } from './place.ts';
import { stage } from './stage.ts';

/** What the phone's tests of a file stand on: one desk, one browser, and a photo to send. Filled before the first test. */
export function phoneStage(): { readonly desk: Place; readonly browser: Browser; readonly photo: Buffer } {
  let desk: Place;
  let browser: Browser;
  let photo: Buffer;
  stage(async () => {
    [desk, browser] = await Promise.all([openPlace(), openChromium()]);
    photo = await scene(900, 1200).jpeg().toBuffer();
    return [browser, desk];
  });
  return {
    get desk() {
      return desk;
    },
    get browser() {
      return browser;
    },
    get photo() {
      return photo;
    },
  };
}
