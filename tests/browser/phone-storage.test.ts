/** What phones do to what the page keeps: a full disk, a database that is lost or never opens. */
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { card, chooseFiles, openPaired } from './phone-page.ts';
import { phoneStage } from './phone-stage.ts';

const on = phoneStage();

async function take(page: Page, count: number) {
  await chooseFiles(
    page,
    count === 1 ? 'take' : 'choose',
    ...Array.from({ length: count }, () => ({ name: 'a.jpg', bytes: on.photo })),
  );
  await page.locator('[data-testid=send]:enabled').waitFor();
}

test('[PHONE456] on a full phone it says that a reload loses the photos, sends them, and still finds what it kept before', async () => {
  const { page, context, complaints } = await openPaired(on.browser, on.desk, {
    before: context =>
      context.addInitScript(() => {
        // The writing itself goes well; at its end the transaction is undone.
        const { put } = IDBObjectStore.prototype;
        IDBObjectStore.prototype.put = function (...args) {
          const request = put.apply(this, args);
          if (sessionStorage.getItem('full')) this.transaction.abort();
          return request;
        };
      }),
  });
  await take(page, 1);
  expect(await page.getByTestId('memory-only').count()).toBe(0);
  await page.evaluate(() => sessionStorage.setItem('full', 'yes'));
  await page.reload();
  await page.getByTestId('review-screen').waitFor();
  await page.getByTestId('memory-only').waitFor();
  expect(await page.getByTestId('send').textContent()).toBe('Enviar foto');
  await page.getByTestId('add-more').click();
  await take(page, 2);
  await context.setOffline(true);
  await page.getByText('no cierre esta página hasta que se envíen').waitFor();
  await context.setOffline(false);
  expect(await page.getByTestId('send').textContent()).toBe('Enviar 3 fotos');
  await page.getByTestId('send').click();
  await expect.poll(() => card(page, 'received').count(), { timeout: 15_000 }).toBe(3);
  expect(complaints.filter(text => !text.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
});

test('[PHONE457] a database that the phone closed while the page was away is opened anew, and what is chosen then is kept', async () => {
  const { page, context, complaints } = await openPaired(on.browser, on.desk, {
    before: context =>
      context.addInitScript(() => {
        // As an iPhone does it: the connection is there still, and every use of it fails.
        const gone = new WeakSet<IDBDatabase>();
        const open = new Set<IDBDatabase>();
        const { transaction } = IDBDatabase.prototype;
        IDBDatabase.prototype.transaction = function (...args) {
          open.add(this);
          if (gone.has(this)) throw new DOMException('The database connection is closing.', 'InvalidStateError');
          return transaction.apply(this, args);
        };
        addEventListener('lose-databases', () => {
          for (const database of open) gone.add(database);
        });
      }),
  });
  await context.route('**/api/photos/**', route => route.abort());
  await page.evaluate(() => dispatchEvent(new Event('lose-databases')));
  await take(page, 1);
  expect(await page.getByTestId('memory-only').count()).toBe(0);
  await page.reload();
  await page.getByTestId('review-screen').waitFor();
  await page.evaluate(() => dispatchEvent(new Event('lose-databases')));
  await page.getByTestId('send').click();
  await card(page, 'waiting').waitFor();
  await page.evaluate(() => dispatchEvent(new Event('lose-databases')));
  await page.getByTestId('leave').click();
  await page.getByTestId('leave-yes').click();
  await page.getByTestId('ended-screen').waitFor();
  expect(complaints.filter(text => !text.includes('ERR_FAILED'))).toEqual([]);
});

test('[PHONE458] a database that never opens is waited for 3 s, and then the page does without', async () => {
  const { page } = await openPaired(on.browser, on.desk, {
    before: context =>
      context.addInitScript(() => {
        IDBFactory.prototype.open = () => Object.create(EventTarget.prototype);
      }),
  });
  await page.getByTestId('memory-only').waitFor();
  await take(page, 1);
  await page.getByTestId('send').click();
  await card(page, 'received').waitFor();
});

test('[PHONE459] a page that the phone closed under the open camera says so, once, and how the photo can be had', async () => {
  const { page } = await openPaired(on.browser, on.desk);
  const openCamera = async () => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByTestId('take').click();
    await chooser;
  };
  await openCamera();
  await page.reload();
  await page.getByTestId('problem').getByText('elíjala aquí de la galería').waitFor();
  await page.reload();
  await page.getByTestId('visit-screen').waitFor();
  expect(await page.getByTestId('problem').count()).toBe(0);
  // With a photo it came back well; so it did where nobody took one.
  await openCamera();
  await take(page, 1);
  await page.reload();
  await page.getByTestId('review-screen').waitFor();
  expect(await page.getByTestId('problem').count()).toBe(0);
  await page.getByTestId('remove').click();
  await openCamera();
  await page.getByTestId('take').dispatchEvent('cancel');
  await page.reload();
  await page.getByTestId('visit-screen').waitFor();
  expect(await page.getByTestId('problem').count()).toBe(0);
});
