const name = 'print-sheet';

/**
 * Opens the browser's print dialog with this picture alone, fitted to the page; how is in desk.css. Resolves once the dialog
 * has been asked for.
 */
export async function printPhoto(window: Window, image: Blob): Promise<void> {
  const { document } = window;
  const url = URL.createObjectURL(image);
  const picture = document.createElement('img');
  picture.src = url;
  picture.alt = '';
  // A page that is printed before its picture is decoded stays white.
  await picture.decode();
  for (const old of document.querySelectorAll(`.${name}`)) old.remove();
  const sheet = document.createElement('div');
  sheet.className = name;
  sheet.append(picture);
  document.body.append(sheet);
  window.addEventListener(
    'afterprint',
    () => {
      sheet.remove();
      URL.revokeObjectURL(url);
    },
    { once: true },
  );
  window.print();
}
