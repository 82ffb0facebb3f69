/** Where the chat's files lie on the disk: `files/ab/<uuid>.orig` until the row is committed, `.full` from then on. */
import { type Disk, type FileShelf, fileShelf } from './file-shelf.ts';

export function chatFiles(dir: string, disk?: Disk): Promise<FileShelf> {
  const words = {
    taken: 'Ya hay otro archivo con este identificador.',
    incomplete: 'El archivo no llegó entero. Envíelo otra vez.',
    missing: 'No existe ese archivo.',
    tooLarge: (megabytes: number) => `El archivo pesa más de ${megabytes} MB, que es el máximo.`,
    lost: 'el archivo no se ha guardado',
  };
  return fileShelf(dir, { shelf: 'files', incoming: 'incoming-files', words }, disk);
}
