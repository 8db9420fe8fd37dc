import type { paths } from './schema';

/** The types of what the API answers, taken from its document: no type is written a second time. */

type Path = keyof paths;
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Json<Response> = Response extends { content: { 'application/json': infer Content } } ? Content : never;
/** The answer at once; 202 is the same action as a job. */
type Good<Operation> = Operation extends { responses: infer Responses }
  ? Responses extends { 200: infer Response }
    ? Json<Response>
    : Responses extends { 201: infer Response }
      ? Json<Response>
      : never
  : never;

/** What a route answers. */
export type Answer<Of extends Path, By extends Method = 'get'> = Good<paths[Of][By]>;
/** One item of a list. */
export type Item<Of extends Path> = Answer<Of> extends { items: (infer Each)[] } ? Each : never;
/** The body that a route takes. */
export type Body<Of extends Path, By extends Method = 'post'> = paths[Of][By] extends {
  requestBody?: { content: { 'application/json': infer Content } };
}
  ? Content
  : never;

export type Role = Answer<'/api/v1/me'>['role'];
export type OverviewBucket = Answer<'/api/v1/overview'>['buckets'][number];
export type Job = Item<'/api/v1/jobs'>;
