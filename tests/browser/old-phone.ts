/** For tests: Chromium without what the oldest phones that are promised to work do not have, Safari of iOS 14 and Chrome of that time. */
import type { BrowserContext } from 'playwright';

/** Takes away what came after Safari 14.0 or Chrome 85 and a page could ask for. Programs of the tests themselves must not need it either. */
export async function makeOld(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const later: [object, string[]][] = [
      [
        window,
        ['structuredClone', 'OffscreenCanvas', 'AggregateError', 'WeakRef', 'FinalizationRegistry', 'reportError'],
      ],
      [Array.prototype, ['at', 'findLast', 'findLastIndex', 'toSorted', 'toReversed', 'toSpliced', 'with']],
      [Object, ['hasOwn', 'groupBy']],
      [Uint8Array, ['fromHex', 'fromBase64']],
      [Uint8Array.prototype, ['toHex', 'toBase64']],
      [Object.getPrototypeOf(Uint8Array.prototype), ['at', 'findLast', 'toSorted', 'toReversed', 'with']],
      [String.prototype, ['at', 'isWellFormed', 'toWellFormed']],
      [Promise, ['any', 'try', 'withResolvers']],
      [Array, ['fromAsync']],
      [AbortSignal, ['timeout', 'any', 'abort']],
      [URL, ['canParse', 'parse']],
      [HTMLDialogElement.prototype, ['show', 'showModal', 'close', 'open', 'returnValue', 'requestClose']],
      [HTMLElement.prototype, ['inert', 'popover', 'showPopover', 'hidePopover']],
    ];
    for (const [owner, names] of later) for (const name of names) Reflect.deleteProperty(owner, name);
    const make = window.createImageBitmap;
    // That word came to the list of words later, and a word that is not in the list is an error.
    Object.defineProperty(window, 'createImageBitmap', {
      value: (image: ImageBitmapSource, options: ImageBitmapOptions = {}) =>
        options.imageOrientation === 'from-image' ? Promise.reject(new TypeError('from-image')) : make(image, options),
    });
    const { NumberFormat } = Intl;
    // Safari before 14.1 writes no units.
    Object.defineProperty(Intl, 'NumberFormat', {
      value: function make(locale: string, options: Intl.NumberFormatOptions = {}) {
        if (options.style === 'unit') throw new RangeError('style');
        return new NumberFormat(locale, options);
      },
    });
  });
}
