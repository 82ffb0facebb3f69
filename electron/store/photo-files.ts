/** Where photos lie on the disk: `photos/ab/<uuid>.orig` as it was uploaded, then `.full` and `.thumb`, which were made of it. */
import { type Disk, type FileShelf, fileShelf } from './file-shelf.ts';

export function photoFiles(dir: string, disk?: Disk): Promise<FileShelf> {
  const words = {
    taken: 'Ya hay otra foto con este identificador.',
    incomplete: 'La foto no llegó entera. Envíela otra vez.',
    missing: 'No existe esa foto.',
    tooLarge: (megabytes: number) => `La foto pesa más de ${megabytes} MB, que es el máximo.`,
    lost: 'la foto no se ha guardado',
  };
  return fileShelf(dir, { shelf: 'photos', incoming: 'incoming', words }, disk);
}
