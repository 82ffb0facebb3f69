/** A JPEG of the picture turned by quarters clockwise: for the view alone, the stored photo stays as it is. */
export async function rotateImage(blob: Blob, quarters: number): Promise<Blob> {
  const bitmap = await createImageBitmap(blob);
  const sideways = quarters % 2 === 1;
  const canvas = document.createElement('canvas');
  canvas.width = sideways ? bitmap.height : bitmap.width;
  canvas.height = sideways ? bitmap.width : bitmap.height;
  const paper = canvas.getContext('2d');
  if (!paper) throw new Error('There is no canvas to rotate on.');
  paper.translate(canvas.width / 2, canvas.height / 2);
  paper.rotate((quarters * Math.PI) / 2);
  paper.drawImage(bitmap, -bitmap.width / 2, -bitmap.height / 2);
  bitmap.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      turned => (turned ? resolve(turned) : reject(new Error('The rotated picture could not be made.'))),
      'image/jpeg',
      0.92,
    );
  });
}
