/** How a setting's text is read, and the sentence that says what is allowed. A kind gives `undefined` for a text it refuses. */
import { BlockList, isIP } from 'node:net';
import { isAbsolute, resolve } from 'node:path';

export interface Words {
  es: string;
  en: string;
}

export interface Kind<T> {
  allowed: Words;
  /** Its text is JSON: a list or an object in settings.json is taken as such. */
  json?: true;
  read(text: string): T | undefined;
}

/** A whole number from `min` to `max`, both included. */
export function whole(min: number, max: number): Kind<number> {
  return {
    allowed: { es: `un número entero de ${min} a ${max}`, en: `a whole number from ${min} to ${max}` },
    read(text) {
      if (!/^\d{1,10}$/.test(text)) return undefined;
      const number = Number(text);
      return number >= min && number <= max ? number : undefined;
    },
  };
}

/** Any text of 1 to `max` characters without control characters. */
export function text(max: number): Kind<string> {
  return {
    allowed: {
      es: `un texto de 1 a ${max} caracteres en una línea`,
      en: `a text of 1 to ${max} characters on one line`,
    },
    read: value => ([...value].length <= max && !/\p{Cc}/u.test(value) ? value : undefined),
  };
}

/** Several lines, 1 to `max` characters in all; no control characters but line breaks. */
export function paragraphs(max: number): Kind<string> {
  return {
    allowed: { es: `un texto de 1 a ${max} caracteres`, en: `a text of 1 to ${max} characters` },
    read(value) {
      const plain = value.replace(/\r\n?/g, '\n');
      return [...plain].length <= max && !/[^\P{Cc}\n]/u.test(plain) ? plain : undefined;
    },
  };
}

export const yesOrNo: Kind<boolean> = {
  allowed: { es: 'true o false', en: 'true or false' },
  read(value) {
    const word = value.toLowerCase();
    return word === 'true' ? true : word === 'false' ? false : undefined;
  },
};

/** A JSON list of sentences in the order in which they are to stand; each once. */
export function sentences(most: number, longest: number): Kind<string[]> {
  return {
    json: true,
    allowed: {
      es: `una lista JSON de hasta ${most} frases distintas, cada una de 1 a ${longest} caracteres`,
      en: `a JSON list of up to ${most} different sentences, each of 1 to ${longest} characters`,
    },
    read: value => lines(parsed(value), most, longest),
  };
}

export interface ShotList {
  name: string;
  /** What the desk asks for, in order. */
  shots: string[];
}

/** `{"name": ["shot", …], …}`, or the same as a list of `{name, shots}`; the order counts. */
export const shotLists: Kind<ShotList[]> = {
  json: true,
  allowed: {
    es: 'hasta 20 listas con nombres distintos de 1 a 40 caracteres, cada una con 1 a 12 fotos distintas de 1 a 60 caracteres',
    en: 'up to 20 lists with different names of 1 to 40 characters, each with 1 to 12 different shots of 1 to 60 characters',
  },
  read(value) {
    const found = parsed(value);
    if (typeof found !== 'object' || found === null) return undefined;
    const lists = (Array.isArray(found) ? found : Object.entries(found).map(([name, shots]) => ({ name, shots }))).map(
      (list: unknown) => {
        if (typeof list !== 'object' || list === null || !('name' in list) || !('shots' in list)) return undefined;
        const [name] = lines([list.name], 1, 40) ?? [];
        const shots = lines(list.shots, 12, 60);
        return name !== undefined && shots !== undefined && shots.length > 0 ? { name, shots } : undefined;
      },
    );
    const good = lists.filter(list => list !== undefined);
    const names = new Set(good.map(list => list.name));
    return lists.length <= 20 && good.length === lists.length && names.size === lists.length ? good : undefined;
  },
};

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Trimmed texts of one line, each another; `undefined` where one is not. */
function lines(value: unknown, most: number, longest: number): string[] | undefined {
  if (!Array.isArray(value) || value.length > most) return undefined;
  const line = text(longest);
  const found = value.map((item: unknown) => (typeof item === 'string' ? line.read(item.trim()) : undefined));
  const good = found.filter(item => item !== undefined && item !== '');
  return good.length === value.length && new Set(good).size === good.length ? good.map(String) : undefined;
}

export function oneOf<T extends string>(...values: readonly T[]): Kind<T> {
  return {
    allowed: { es: `uno de: ${values.join(', ')}`, en: `one of: ${values.join(', ')}` },
    read: value => values.find(allowed => allowed === value.toLowerCase()),
  };
}

/** Items between commas; spaces around them and empty ones do not count. The word `none` alone is the empty list. */
export function list<T>(item: Kind<T>): Kind<T[]> {
  return {
    allowed: {
      es: `una lista entre comas (o none), cada elemento ${item.allowed.es}`,
      en: `a comma list (or none), each item ${item.allowed.en}`,
    },
    read(value) {
      if (value.trim().toLowerCase() === 'none') return [];
      const found: T[] = [];
      for (const part of value.split(',')) {
        if (part.trim() === '') continue;
        const read = item.read(part.trim());
        if (read === undefined) return undefined;
        if (!found.includes(read)) found.push(read);
      }
      return found;
    },
  };
}

/** A folder, made absolute from `cwd`; `~/` is the home folder. */
export function folder(cwd: string, home: string): Kind<string> {
  return {
    allowed: { es: 'la ruta de una carpeta', en: 'the path of a folder' },
    read(value) {
      if (value === '' || value.includes('\0')) return undefined;
      const path = /^~(?=[/\\]|$)/.test(value) ? home + value.slice(1) : value;
      return isAbsolute(path) ? path : resolve(cwd, path);
    },
  };
}

const hostname = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i;

/** A name or an IP address, without a port. */
export const host: Kind<string> = {
  allowed: { es: 'una dirección IP o un nombre de equipo', en: 'an IP address or a host name' },
  read(value) {
    if (isIP(value)) return value;
    // Four numbers that are no IP address, such as 300.1.1.1, are a slip and not a name.
    return hostname.test(value) && !/^[\d.]+$/.test(value) ? value.toLowerCase() : undefined;
  },
};

/** An IP address or a CIDR range, as `net.BlockList` takes them. */
export const addressRange: Kind<string> = {
  allowed: {
    es: 'una dirección IP o un rango como 192.168.1.0/24',
    en: 'an IP address or a range such as 192.168.1.0/24',
  },
  read(value) {
    const [address = '', prefix, ...rest] = value.split('/');
    const version = isIP(address);
    if (version === 0 || rest.length > 0) return undefined;
    if (prefix === undefined) return value;
    if (!/^\d{1,3}$/.test(prefix)) return undefined;
    try {
      new BlockList().addSubnet(address, Number(prefix), version === 4 ? 'ipv4' : 'ipv6');
      return value;
    } catch {
      return undefined;
    }
  },
};

/** What a browser sends as `Origin`: scheme, host and port. `*` is refused: it would open the desk to any page. */
export const origin: Kind<string> = {
  allowed: {
    es: 'un origen como http://192.168.1.20:5173 (o null, por su nombre; * no se admite)',
    en: 'an origin such as http://192.168.1.20:5173 (or null, by its name; * is refused)',
  },
  read(value) {
    if (value === 'null') return value;
    if (value.includes('*')) return undefined;
    // Schemes of embedded web views (capacitor://localhost) have no origin of their own in URL.
    if (!/^https?:/i.test(value))
      return /^[a-z][a-z\d+.-]*:\/\/[^\s/?#@]+$/i.test(value) ? value.toLowerCase() : undefined;
    return bareOrigin(value);
  },
};

/** An http or https address of a whole server: no path, query, user or fragment. Read as its origin. */
export const serverUrl: Kind<string> = {
  allowed: {
    es: 'una dirección http:// o https:// sin ruta, como http://192.168.1.50:8080',
    en: 'an http:// or https:// address without a path, such as http://192.168.1.50:8080',
  },
  read: bareOrigin,
};

function bareOrigin(value: string): string | undefined {
  const url = webUrl(value);
  return url && url.pathname === '/' && !url.search && !url.hash ? url.origin : undefined;
}

/** An http or https address with or without a path. Read with a slash at its end, so that names can be put after it. */
export const baseUrl: Kind<string> = {
  allowed: { es: 'una dirección http:// o https://', en: 'an http:// or https:// address' },
  read(value) {
    const url = webUrl(value);
    if (!url || url.search || url.hash) return undefined;
    return url.href.endsWith('/') ? url.href : `${url.href}/`;
  },
};

function webUrl(value: string): URL | undefined {
  if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  return url.username || url.password ? undefined : url;
}
