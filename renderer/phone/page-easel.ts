/** The page's own easel. While it works the page cannot do anything else, so it is for browsers whose workers cannot draw. */
import { decodeBitmap, type Easel, type Picture } from './easel.ts';

export const pageEasel: Easel = {
  decode: async (photo, size) => (await decodeBitmap(photo, size)) ?? (await decodeImage(photo)),
  canvas(width, height) {
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    const pen = canvas.getContext('2d', { willReadFrequently: true });
    return (
      pen && {
        pen,
        jpeg: quality => new Promise(resolve => canvas.toBlob(resolve, 'image/jpeg', quality)),
        close: () => {
          canvas.width = 0;
        },
      }
    );
  },
};

/** Reads what older browsers make no bitmap of; a canvas draws it upright. */
function decodeImage(photo: Blob): Promise<Picture | null> {
  return new Promise(resolve => {
    const image = new Image();
    const url = URL.createObjectURL(photo);
    const close = () => URL.revokeObjectURL(url);
    const fail = () => {
      close();
      resolve(null);
    };
    image.onload = () => {
      const { naturalWidth: width, naturalHeight: height } = image;
      if (width > 0 && height > 0) resolve({ image, width, height, close });
      else fail();
    };
    image.onerror = fail;
    image.src = url;
  });
}
