/** What is looked at in each state of a page: whether it fits, can be hit, and what axe finds, in every size, theme and language. */
import type { Page } from 'playwright';
import { expect, vi } from 'vitest';
import { axeFinds, ofColours } from './axe.ts';
import { picture } from './picture.ts';

interface Size {
  width: number;
  height: number;
}

interface Options {
  page: Page;
  /** Begins the names of the pictures. */
  name: string;
  sizes: readonly Size[];
  /** What a finger or a pointer needs, in pixels. */
  least: number;
  /** Whether nothing may be beyond the lower edge: a screen that nobody scrolls. */
  still?: boolean;
}

/** All in one theme and language, then the colours of the other theme in the other language, and what is left of that in the first theme. */
const looks = {
  light: { first: {}, second: { but: ofColours } },
  dark: { first: null, second: { rules: ofColours } },
};

/**
 * Answers a function that looks at the page as it is, in every size, theme and language, and leaves it in the last of them.
 */
export function examiner({ page, name, sizes, least, still = false }: Options) {
  return async (state: string, part = 'html'): Promise<void> => {
    for (const which of ['first', 'second'] as const) {
      const lang = await turnLanguage(page);
      for (const theme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
        // Theme and language are crossed in the first size; in the others each is seen once.
        const isPaired = (theme === 'light') === (lang === 'es');
        for (const [index, size] of (isPaired ? sizes : sizes.slice(0, 1)).entries()) {
          await page.setViewportSize(size);
          const where = `${state} ${size.width}x${size.height} ${theme} ${lang}`;
          // The QR is drawn again in its new size; what is cut off stays so.
          await vi.waitFor(async () => expect([where, await cutOff(page, still)]).toEqual([where, []]), 5_000);
          expect([where, await tooSmall(page, least)]).toEqual([where, []]);
          if (isPaired && index === 0) await picture(page, `${name}-${where.replaceAll(' ', '-')}`, true);
          // The words and colours are those of the first size, where theme and language are crossed; axe takes longest.
          const look = index === 0 ? looks[theme][which] : null;
          if (look) expect([where, await axeFinds(page, { part, ...look })]).toEqual([where, []]);
        }
      }
    }
  };
}

/** By the page's own button, even where a dialog stands before it; the words of the page are other ones from then on. */
async function turnLanguage(page: Page): Promise<string> {
  const next = page.locator('button[lang]');
  const lang = (await next.getAttribute('lang')) ?? '';
  await next.dispatchEvent('click');
  await page.locator(`html[lang=${lang}]`).waitFor();
  await page.locator(`button[lang]:not([lang=${lang}])`).waitFor();
  return lang;
}

function tooSmall(page: Page, least: number): Promise<string[]> {
  return page.evaluate(
    wanted =>
      [...document.querySelectorAll('button, input, a, summary')]
        .filter(element => element.checkVisibility() && !element.closest('label, [role=radiogroup]'))
        .map(element => ({ box: element.getBoundingClientRect(), html: element.outerHTML.slice(0, 120) }))
        .filter(({ box }) => box.width > 2 && box.bottom > 0 && (box.height < wanted || box.width < wanted))
        .map(({ html }) => html),
    least - 0.5,
  );
}

/** Beyond the right edge, or, of what nobody scrolls, beyond any edge of the main part. */
function cutOff(page: Page, still: boolean): Promise<string[]> {
  return page.evaluate(all => {
    const wide = document.documentElement.scrollWidth - innerWidth;
    const main = document.querySelector('main')?.getBoundingClientRect();
    const beyond = [...(all ? document.querySelectorAll('main *') : [])]
      .map(element => ({ box: element.getBoundingClientRect(), html: element.outerHTML.slice(0, 80) }))
      .filter(
        ({ box }) =>
          box.height > 0 && main && (box.bottom > main.bottom || box.right > main.right || box.top < main.top),
      )
      .map(({ html }) => html);
    return wide > 0 ? [`${wide} px too wide`, ...beyond] : beyond;
  }, still);
}
