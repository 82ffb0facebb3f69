/** Whom a business event is about: the people, the service and the location that its data names. (CONTRACT 5, S2.) */
import { adminRoom, clienteRoom, locationRoom, proveedorRoom, serviceRoom } from '../rooms/rooms.ts';

/** A field may be the id, as Django's serialisers write it (`cliente: 7`), or an object that has one (`cliente: {id: 7}`). */
const fields: readonly { names: readonly string[]; isPerson: boolean; rooms(id: string): string[] }[] = [
  { names: ['clienteId', 'cliente_id', 'cliente'], isPerson: true, rooms: id => [clienteRoom(id)] },
  { names: ['proveedorId', 'proveedor_id', 'proveedor'], isPerson: true, rooms: id => [proveedorRoom(id)] },
  {
    // Which of the two this person is, the data does not say; an id is one person's.
    names: ['usuarioId', 'usuario_id', 'usuario', 'userId', 'user_id', 'autorId', 'autor_id', 'autor'],
    isPerson: true,
    rooms: id => [clienteRoom(id), proveedorRoom(id)],
  },
  {
    names: ['servicioId', 'servicio_id', 'servicio', 'serviceId', 'service_id'],
    isPerson: false,
    rooms: id => [serviceRoom(id)],
  },
  {
    names: ['locationId', 'location_id', 'ubicacionId', 'ubicacion_id', 'ubicacion'],
    isPerson: false,
    rooms: id => [locationRoom(id)],
  },
];

export function audience(data: Readonly<Record<string, unknown>>): { people: Set<string>; rooms: string[] } {
  const people = new Set<string>();
  const rooms = new Set<string>();
  for (const { names, isPerson, rooms: roomsOfId } of fields) {
    for (const id of names.flatMap(name => idIn(data, name))) {
      if (isPerson) people.add(id);
      for (const room of roomsOfId(id)) rooms.add(room);
    }
  }
  return { people, rooms: [...rooms, adminRoom] };
}

function idIn(data: Readonly<Record<string, unknown>>, name: string): string[] {
  const found = Object.hasOwn(data, name) ? data[name] : undefined;
  const inner = typeof found === 'object' && found !== null && 'id' in found ? found.id : found;
  const id = typeof inner === 'number' || typeof inner === 'string' ? String(inner).trim() : '';
  return id !== '' && id.length <= 64 ? [id] : [];
}
