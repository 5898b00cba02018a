import { Defect } from '#core';
import type { Person } from '#data';
import type { FastifyRequest } from 'fastify';

const viewers = new WeakMap<FastifyRequest, Person>();

export const rememberViewer = (request: FastifyRequest, viewer: Person): unknown => viewers.set(request, viewer);

/** The person the gate let in with this request. */
export function viewerOf(request: FastifyRequest): Person {
  const viewer = viewers.get(request);
  if (!viewer) throw new Defect('an operation got past the gate without a sign-in');
  return viewer;
}
