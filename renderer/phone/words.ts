/** Every sentence of the phone page in both languages; the compiler sees to it that none is missing. */
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Lang } from '../../protocol/primitives.ts';
import type { Refusal } from './pairing.ts';
import type { Hint } from './photo-hint.ts';

interface Advice {
  title: string;
  text: string;
}

const es = {
  pageTitle: 'Enviar fotos al mostrador',
  locale: 'es' as Lang,
  otherLanguage: 'English',
  title: 'Fotos para el mostrador',
  largerLetters: 'Letra más grande',
  yourMark: 'Su símbolo en la pantalla del mostrador',
  link: { connecting: 'Conectando', online: 'Conectado', offline: 'Sin conexión' },
  offlineBanner: 'Sin conexión: sus fotos están guardadas en este teléfono.',
  offlineBannerMemory: 'Sin conexión: no cierre esta página hasta que se envíen sus fotos.',
  moved: {
    text: (address: string) => `El mostrador cambió de red y ahora está en ${address}.`,
    left: 'Lo que aún no se envió no puede ir con usted: vuelva a hacerlo allí.',
    follow: 'Seguir mi visita allí',
    orElse: 'Si no se abre, compruebe que está en el Wi-Fi del mostrador o pida otro código QR.',
  },
  memoryOnly:
    'Este navegador no guarda las fotos (¿ventana privada, o teléfono sin espacio?). No cierre la página hasta que se hayan enviado.',
  starting: 'Un momento…',
  fault: {
    title: 'Algo ha fallado en esta página',
    text: 'Lo que ya envió sigue su camino. Si no mejora, avise en el mostrador.',
    chat: 'El chat ha dejado de funcionar: vuelva a cargar la página para usarlo.',
  },
  pairing: 'Conectando con el mostrador…',

  code: {
    title: 'Escriba el código',
    text: 'Son seis letras y números. Están en la pantalla del mostrador, junto al código QR.',
    label: 'Código de la pantalla',
    go: 'Continuar',
    busy: 'Comprobando…',
    incomplete: 'Faltan letras o números: el código tiene seis.',
    returnToVisit: 'Volver a mi visita',
    problems: {
      expired: 'Ese código ya caducó. Escriba el que muestra ahora la pantalla.',
      used: 'Ese código ya se usó en otro teléfono. Pida uno nuevo en el mostrador.',
      unknown: 'Ese código no existe. Compruébelo en la pantalla.',
      too_many: 'Demasiados intentos. Espere un minuto, o escanee el código QR.',
      unreachable: 'No se pudo llegar al mostrador. Compruebe que está en su Wi-Fi e inténtelo otra vez.',
      other: 'No se pudo comprobar el código. Inténtelo otra vez o pida ayuda en el mostrador.',
    } satisfies Record<Refusal, string>,
  },

  refused: {
    expired: {
      title: 'El código QR caducó',
      text: 'Cambia cada minuto. Vuelva a escanear el que muestra ahora la pantalla del mostrador.',
    },
    used: {
      title: 'Este código QR ya se usó',
      text: 'Cada código sirve para un solo teléfono. Si no fue el suyo, avise en el mostrador y pida «Otro teléfono».',
    },
    unknown: {
      title: 'Este código no es de este mostrador',
      text: 'La dirección está incompleta o es de otro día. Escanee el código QR de la pantalla.',
    },
    too_many: { title: 'Demasiados intentos', text: 'Espere un minuto y vuelva a escanear el código QR.' },
    unreachable: {
      title: 'No se pudo llegar al mostrador',
      text: 'Compruebe que el teléfono sigue en el Wi-Fi del mostrador. No hace falta escanear otra vez.',
    },
    other: { title: 'No se pudo conectar', text: 'Vuelva a escanear el código QR o pida ayuda en el mostrador.' },
  } satisfies Record<Refusal, Advice>,
  tryAgain: 'Intentar otra vez',
  typeCode: 'Escribir el código',

  computer: {
    title: 'Ábralo con su teléfono',
    text: 'Esta página es para hacer fotos con la cámara del teléfono. Escanee el código QR con él.',
    insist: 'Continuar en este equipo',
  },

  consent: {
    title: 'Antes de empezar',
    asks: (desk: string) => `${desk} le pide que envíe unas fotos desde este teléfono.`,
    who: 'Para quién',
    unassigned: 'Sin asignar todavía',
    what: 'Para qué',
    whatDefault: 'El trámite que está haciendo ahora en el mostrador',
    kept: 'Cuánto se guardan',
    days: (days: number) => (days === 1 ? '1 día; después se borran' : `${days} días; después se borran`),
    where: 'Dónde',
    whereText: 'Solo en el equipo del mostrador. No salen a internet.',
    compare: 'Compruebe que la pantalla del mostrador muestra este mismo símbolo y color.',
    accept: 'Acepto y continuar',
    decline: 'No acepto',
  },

  take: 'Tomar foto',
  choose: 'Elegir de la galería',
  takeShot: (shot: string) => `Tomar foto: ${shot}`,
  nothingYet: { title: 'Haga la primera foto', text: 'Podrá verla antes de enviarla.' },
  shotsTitle: 'Fotos que le piden',
  otherPhoto: 'Otra foto',
  shot: { missing: 'Falta', here: 'Por enviar', sent: 'Enviada', accepted: 'Aceptada' },
  yourPhotos: 'Sus fotos',
  photo: 'Foto',
  drafts: (count: number) => (count === 1 ? '1 foto por revisar' : `${count} fotos por revisar`),
  allSent: { title: 'Todo enviado', text: 'Ya puede volver al mostrador. Si le piden otra foto, lo verá aquí.' },
  /** Offline there is nothing to promise, only what has already happened. */
  allThere: 'Las fotos que envió ya están en el mostrador.',
  allAccepted: { title: 'Fotos aceptadas', text: 'Ya puede volver al mostrador.' },
  older: (count: number) =>
    count === 1
      ? '1 foto de su visita anterior se sigue enviando.'
      : `${count} fotos de su visita anterior se siguen enviando.`,

  review: {
    title: 'Revise antes de enviar',
    send: (count: number) => (count === 1 ? 'Enviar foto' : `Enviar ${count} fotos`),
    retake: 'Repetir',
    remove: 'Quitar',
    addMore: 'Añadir otra',
    which: '¿Qué foto es?',
    preparing: (count: number) => (count === 1 ? 'Preparando la foto…' : `Preparando ${count} fotos…`),
    picked: (index: number, count: number) => `Foto ${index} de ${count}`,
    original: (size: string) => `Tamaño original, ${size}`,
    reduced: (size: string | null) =>
      `Si no lo marca, se envía más pequeña${size === null ? '' : ` (${size})`}; casi siempre basta.`,
    originalTooLarge: (size: string, limit: string, reduced: string) =>
      `El original pesa ${size} y el mostrador admite hasta ${limit}: se envía más pequeña (${reduced}).`,
  },
  hints: {
    small: 'La foto es pequeña: puede que no se lea bien.',
    dark: 'La foto parece oscura: puede que no se lea bien.',
    blurred: 'La foto parece movida: compruebe que se lee.',
  } satisfies Record<Hint, string>,
  problems: {
    heic: 'Este navegador no puede leer fotos HEIC. Ponga la cámara en JPEG (en un iPhone: Ajustes › Cámara › Formatos › Más compatible) y haga la foto otra vez.',
    unreadable: 'Ese archivo no es una foto que se pueda leer. Haga otra o elija un archivo JPEG o PNG.',
    too_large: 'Esa foto es demasiado grande. Haga otra con menos resolución.',
    file_too_large: 'Ese archivo es demasiado grande para el mostrador.',
    camera_lost:
      'El teléfono cerró esta página mientras la cámara estaba abierta y la foto no llegó. Hágala con la cámara del teléfono y elíjala aquí de la galería.',
  },

  phase: {
    draft: 'Por revisar',
    queued: 'En espera',
    uploading: 'Enviando',
    waiting: 'Esperando a la red…',
    failed: 'No se pudo enviar',
  },
  retry: 'Reintentar',
  remove: 'Quitar',
  failures: {
    too_large: 'La foto es demasiado grande para el mostrador.',
    invalid_message: 'El mostrador no pudo leer esta foto. Haga otra.',
    conflict: 'Esta foto ya se envió con otro contenido. Quítela y haga otra.',
    not_found: 'El mostrador ya no espera esta foto.',
  } satisfies Partial<Record<ErrorCode, string>> as Partial<Record<ErrorCode, string>>,
  sessionFull: 'Esta visita ya no admite más fotos. Avise en el mostrador.',
  failureOther: 'El mostrador no aceptó la foto. Inténtelo otra vez o pida ayuda.',

  verdict: {
    received: 'Enviada',
    accepted: 'Aceptada',
    rejected: 'Le piden otra',
    quarantined: 'No se pudo leer',
  },
  quarantined: 'La foto llegó, pero no se pudo abrir. Haga otra.',
  /** Beside a refused photo that was followed by another. */
  answered: 'Ya hizo otra',
  takeAnother: 'Hacer otra',

  chat: {
    open: 'Mensajes',
    title: 'Mensajes con el mostrador',
    close: 'Cerrar los mensajes',
    unread: (count: number) => (count === 1 ? '1 mensaje sin leer' : `${count} mensajes sin leer`),
    news: (words: string) => `Le escriben: ${words}`,
    see: 'Ver',
    dismiss: 'Ocultar el aviso',
    desk: 'Mostrador',
    you: 'Usted',
    empty: { title: '¿Tiene alguna pregunta?', text: 'Escríbala aquí; en el mostrador la ven al momento.' },
    loading: 'Cargando los mensajes…',
    notYet: 'Los mensajes aún no están disponibles. Espere un momento o pregunte en el mostrador.',
    failed: 'No se pudieron cargar los mensajes.',
    older: 'Ver los anteriores',
    newest: 'Ir a lo último',
    today: 'Hoy',
    yesterday: 'Ayer',
    typing: 'El mostrador está escribiendo…',
    offline: 'Sin conexión: lo que escriba se enviará cuando vuelva.',
    label: 'Su mensaje',
    placeholder: 'Escriba aquí',
    send: 'Enviar mensaje',
    attach: 'Adjuntar una foto o un archivo',
    left: (count: number) => (count === 1 ? 'Queda 1 carácter' : `Quedan ${count} caracteres`),
    over: (count: number) => (count === 1 ? 'Sobra 1 carácter' : `Sobran ${count} caracteres`),
    photo: 'Foto',
    seePhoto: 'Ver la foto en grande',
    noPhoto: 'La foto no se pudo abrir.',
    closePhoto: 'Cerrar la foto',
    file: 'Archivo',
    download: 'Descargar',
    downloading: 'Descargando…',
    noFile: 'No se pudo descargar. Inténtelo otra vez.',
    wrongFile: 'El mostrador no admite ese tipo de archivo. Envíelo como PDF o haga una foto.',
    edited: 'editado',
    state: {
      waiting: 'En espera',
      sending: 'Enviando',
      failed: 'No se envió',
      sent: 'Enviado',
      delivered: 'Entregado',
      read: 'Leído',
    },
    waitingOffline: 'Se enviará cuando vuelva la conexión',
    tooMany: 'Son muchos mensajes seguidos: se enviará solo en un momento',
    tooLong: 'Es demasiado largo para el mostrador.',
    refused: 'El mostrador no lo aceptó.',
  },

  leave: {
    open: 'Terminar y borrar',
    title: '¿Terminar y borrar?',
    text: 'Se cierra su visita y se borra de este teléfono todo lo que guarda esta página. Las fotos que ya envió siguen en el mostrador.',
    unsent: (count: number) =>
      count === 1 ? 'Hay 1 foto sin enviar: se perderá.' : `Hay ${count} fotos sin enviar: se perderán.`,
    unsaid: (count: number) =>
      count === 1 ? 'Hay 1 mensaje sin enviar: se perderá.' : `Hay ${count} mensajes sin enviar: se perderán.`,
    yes: 'Sí, terminar y borrar',
    busy: 'Terminando…',
    no: 'Seguir con mi visita',
    declined: {
      title: '¿No acepta?',
      text: 'Se cierra su visita y no se envía nada.',
      yes: 'Sí, terminar',
    },
  },

  ended: {
    title: 'Su visita terminó',
    goesOn: 'Su visita sigue en otro teléfono',
    thanks: (count: number) =>
      count === 1 ? 'Gracias: su foto fue aceptada.' : `Gracias: sus ${count} fotos fueron aceptadas.`,
    received: (count: number) =>
      count === 1 ? 'El mostrador recibió 1 foto.' : `El mostrador recibió ${count} fotos.`,
    accepted: (count: number) => (count === 1 ? '1 está aceptada.' : `${count} están aceptadas.`),
    nothing: 'No se envió ninguna foto.',
    unsent: (count: number) => (count === 1 ? '1 foto no llegó a enviarse.' : `${count} fotos no llegaron a enviarse.`),
    erased: 'En este teléfono no queda nada guardado.',
    by: {
      desk: 'La cerró el mostrador, caducó o sigue en otro teléfono. Si necesita enviar algo más, escanee el código QR que muestra la pantalla.',
      other_phone: 'Para seguir en este, pida un código QR en el mostrador.',
      declined: 'Puede entregar sus documentos en el mostrador. Si cambia de idea, pida allí otro código QR.',
    },
  },
};

export type Words = typeof es;

const en: Words = {
  pageTitle: 'Send photos to the desk',
  locale: 'en',
  otherLanguage: 'Español',
  title: 'Photos for the desk',
  largerLetters: 'Larger text',
  yourMark: 'Your symbol on the desk’s screen',
  link: { connecting: 'Connecting', online: 'Connected', offline: 'Offline' },
  offlineBanner: 'Offline: your photos are safe on this phone.',
  offlineBannerMemory: 'Offline: keep this page open until your photos have been sent.',
  moved: {
    text: address => `The desk has changed its network and is now at ${address}.`,
    left: 'What has not been sent yet cannot come with you: do it again there.',
    follow: 'Go on with my visit there',
    orElse: 'If it does not open, check that you are on the desk’s Wi-Fi, or ask for another QR code.',
  },
  memoryOnly:
    'This browser does not keep photos (a private window, or no space left?). Keep the page open until they have been sent.',
  starting: 'One moment…',
  fault: {
    title: 'Something in this page has failed',
    text: 'What you have sent is on its way. If it does not get better, tell the desk.',
    chat: 'The chat has stopped working: load the page again to use it.',
  },
  pairing: 'Connecting to the desk…',

  code: {
    title: 'Type the code',
    text: 'Six letters and digits. They are on the desk’s screen, next to the QR code.',
    label: 'Code on the screen',
    go: 'Continue',
    busy: 'Checking…',
    incomplete: 'Some letters or digits are missing: the code has six.',
    returnToVisit: 'Back to my visit',
    problems: {
      expired: 'That code has expired. Type the one that the screen shows now.',
      used: 'That code was already used on another phone. Ask for a new one at the desk.',
      unknown: 'There is no such code. Check it on the screen.',
      too_many: 'Too many attempts. Wait a minute, or scan the QR code.',
      unreachable: 'The desk could not be reached. Check that you are on its Wi-Fi and try again.',
      other: 'The code could not be checked. Try again or ask at the desk.',
    },
  },

  refused: {
    expired: {
      title: 'The QR code has expired',
      text: 'It changes every minute. Scan the one that the desk’s screen shows now.',
    },
    used: {
      title: 'This QR code was already used',
      text: 'Each code works for one phone only. If it was not yours, tell the desk and ask for “Another phone”.',
    },
    unknown: {
      title: 'This code is not from this desk',
      text: 'The address is incomplete or from another day. Scan the QR code on the screen.',
    },
    too_many: { title: 'Too many attempts', text: 'Wait a minute and scan the QR code again.' },
    unreachable: {
      title: 'The desk could not be reached',
      text: 'Check that the phone is still on the desk’s Wi-Fi. There is no need to scan again.',
    },
    other: { title: 'Could not connect', text: 'Scan the QR code again or ask at the desk.' },
  },
  tryAgain: 'Try again',
  typeCode: 'Type the code',

  computer: {
    title: 'Open it on your phone',
    text: 'This page is for taking photos with the camera of a phone. Scan the QR code with it.',
    insist: 'Continue on this computer',
  },

  consent: {
    title: 'Before you start',
    asks: desk => `${desk} asks you to send some photos from this phone.`,
    who: 'For whom',
    unassigned: 'Not assigned yet',
    what: 'What for',
    whatDefault: 'The matter you are dealing with at the desk now',
    kept: 'Kept for',
    days: days => (days === 1 ? '1 day; then they are deleted' : `${days} days; then they are deleted`),
    where: 'Where',
    whereText: 'Only on the desk’s computer. They do not go to the internet.',
    compare: 'Check that the desk’s screen shows this same symbol and colour.',
    accept: 'Accept and continue',
    decline: 'I do not accept',
  },

  take: 'Take photo',
  choose: 'Choose from gallery',
  takeShot: shot => `Take photo: ${shot}`,
  nothingYet: { title: 'Take the first photo', text: 'You can look at it before it is sent.' },
  shotsTitle: 'Photos they ask for',
  otherPhoto: 'Another photo',
  shot: { missing: 'Missing', here: 'To be sent', sent: 'Sent', accepted: 'Accepted' },
  yourPhotos: 'Your photos',
  photo: 'Photo',
  drafts: count => (count === 1 ? '1 photo to review' : `${count} photos to review`),
  allSent: {
    title: 'All sent',
    text: 'You can go back to the desk. If they ask for another photo, you will see it here.',
  },
  allThere: 'The photos that you sent are at the desk.',
  allAccepted: { title: 'Photos accepted', text: 'You can go back to the desk.' },
  older: count =>
    count === 1
      ? '1 photo of your earlier visit is still being sent.'
      : `${count} photos of your earlier visit are still being sent.`,

  review: {
    title: 'Look before sending',
    send: count => (count === 1 ? 'Send photo' : `Send ${count} photos`),
    retake: 'Retake',
    remove: 'Remove',
    addMore: 'Add another',
    which: 'Which photo is it?',
    preparing: count => (count === 1 ? 'Preparing the photo…' : `Preparing ${count} photos…`),
    picked: (index, count) => `Photo ${index} of ${count}`,
    original: size => `Original size, ${size}`,
    reduced: size => `Otherwise it is sent smaller${size === null ? '' : ` (${size})`}, which is nearly always enough.`,
    originalTooLarge: (size, limit, reduced) =>
      `The original is ${size} and the desk takes up to ${limit}: it is sent smaller (${reduced}).`,
  },
  hints: {
    small: 'The photo is small: it may be hard to read.',
    dark: 'The photo looks dark: it may be hard to read.',
    blurred: 'The photo looks blurred: check that it can be read.',
  },
  problems: {
    heic: 'This browser cannot read HEIC photos. Set the camera to JPEG (on an iPhone: Settings › Camera › Formats › Most Compatible) and take the photo again.',
    unreadable: 'That file is not a photo that can be read. Take another or choose a JPEG or PNG file.',
    too_large: 'That photo is too large. Take another at a lower resolution.',
    file_too_large: 'That file is too large for the desk.',
    camera_lost:
      'The phone closed this page while the camera was open, and the photo did not arrive. Take it with the phone’s own camera, then choose it here from the gallery.',
  },

  phase: {
    draft: 'To review',
    queued: 'Waiting its turn',
    uploading: 'Sending',
    waiting: 'Waiting for the network…',
    failed: 'Could not be sent',
  },
  retry: 'Try again',
  remove: 'Remove',
  failures: {
    too_large: 'The photo is too large for the desk.',
    invalid_message: 'The desk could not read this photo. Take another.',
    conflict: 'This photo was already sent with other content. Remove it and take another.',
    not_found: 'The desk no longer expects this photo.',
  },
  sessionFull: 'This visit takes no more photos. Tell the desk.',
  failureOther: 'The desk did not accept the photo. Try again or ask for help.',

  verdict: {
    received: 'Sent',
    accepted: 'Accepted',
    rejected: 'They ask for another',
    quarantined: 'Could not be read',
  },
  quarantined: 'The photo arrived but could not be opened. Take another.',
  answered: 'You took another',
  takeAnother: 'Take another',

  chat: {
    open: 'Messages',
    title: 'Messages with the desk',
    close: 'Close the messages',
    unread: count => (count === 1 ? '1 unread message' : `${count} unread messages`),
    news: words => `New message: ${words}`,
    see: 'Show',
    dismiss: 'Hide this notice',
    desk: 'Desk',
    you: 'You',
    empty: { title: 'Do you have a question?', text: 'Write it here; the desk sees it at once.' },
    loading: 'Loading the messages…',
    notYet: 'Messages are not available yet. Wait a moment or ask at the desk.',
    failed: 'The messages could not be loaded.',
    older: 'Show earlier ones',
    newest: 'Go to the latest',
    today: 'Today',
    yesterday: 'Yesterday',
    typing: 'The desk is writing…',
    offline: 'Offline: what you write will be sent once you are back.',
    label: 'Your message',
    placeholder: 'Write here',
    send: 'Send message',
    attach: 'Attach a photo or a file',
    left: count => (count === 1 ? '1 character left' : `${count} characters left`),
    over: count => (count === 1 ? '1 character too many' : `${count} characters too many`),
    photo: 'Photo',
    seePhoto: 'See the photo large',
    noPhoto: 'The photo could not be opened.',
    closePhoto: 'Close the photo',
    file: 'File',
    download: 'Download',
    downloading: 'Downloading…',
    noFile: 'It could not be downloaded. Try again.',
    wrongFile: 'The desk does not take that kind of file. Send it as a PDF or take a photo.',
    edited: 'edited',
    state: {
      waiting: 'Waiting',
      sending: 'Sending',
      failed: 'Not sent',
      sent: 'Sent',
      delivered: 'Delivered',
      read: 'Read',
    },
    waitingOffline: 'Will be sent once you are back online',
    tooMany: 'Many messages in a row: it will go out by itself in a moment',
    tooLong: 'It is too long for the desk.',
    refused: 'The desk did not accept it.',
  },

  leave: {
    open: 'End and erase',
    title: 'End and erase?',
    text: 'Your visit is closed, and everything that this page keeps on this phone is erased. Photos already sent stay at the desk.',
    unsent: count =>
      count === 1
        ? '1 photo has not been sent: it will be lost.'
        : `${count} photos have not been sent: they will be lost.`,
    unsaid: count =>
      count === 1
        ? '1 message has not been sent: it will be lost.'
        : `${count} messages have not been sent: they will be lost.`,
    yes: 'Yes, end and erase',
    busy: 'Ending…',
    no: 'Go on with my visit',
    declined: {
      title: 'Do you not accept?',
      text: 'Your visit ends and nothing is sent.',
      yes: 'Yes, end',
    },
  },

  ended: {
    title: 'Your visit has ended',
    goesOn: 'Your visit goes on on another phone',
    thanks: count =>
      count === 1 ? 'Thank you: your photo was accepted.' : `Thank you: your ${count} photos were accepted.`,
    received: count => (count === 1 ? 'The desk received 1 photo.' : `The desk received ${count} photos.`),
    accepted: count => (count === 1 ? '1 is accepted.' : `${count} are accepted.`),
    nothing: 'No photo was sent.',
    unsent: count => (count === 1 ? '1 photo was not sent.' : `${count} photos were not sent.`),
    erased: 'Nothing is kept on this phone.',
    by: {
      desk: 'The desk closed it, it expired, or it goes on on another phone. To send anything else, scan the QR code that the screen shows.',
      other_phone: 'To go on with this one, ask for a QR code at the desk.',
      declined: 'You can hand your documents to the desk. If you change your mind, ask there for another QR code.',
    },
  },
};

export const words: Record<Lang, Words> = { es, en };

/** The first of the browser's languages that there is; Spanish for all others. */
export function langFor(languages: readonly string[]): Lang {
  for (const language of languages) {
    const two = language.slice(0, 2).toLowerCase();
    if (two === 'es' || two === 'en') return two;
  }
  return 'es';
}
