/** A JPEG of the picture turned by quarters clockwise: for the view alone, the stored photo stays as it is. */
export async function rotateImage(blob: Blob, quarters: number): Promise<Blob> {
  const bitmap = await createImageBitmap(blob);
  const { width, height } = bitmap;
  // One of the page's own writes its picture once the browser has nothing else to do, which may take a second.
  const canvas = quarters % 2 === 1 ? new OffscreenCanvas(height, width) : new OffscreenCanvas(width, height);
  const paper = canvas.getContext('2d');
  if (!paper) throw new Error('There is no canvas to rotate on.');
  paper.translate(canvas.width / 2, canvas.height / 2);
  paper.rotate((quarters * Math.PI) / 2);
  paper.drawImage(bitmap, -width / 2, -height / 2);
  bitmap.close();
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 });
}
