// Types of the API, from its OpenAPI document: `npm run types` writes schema.d.ts.

import type { components, paths } from './schema';

type Schemas = components['schemas'];

/** One of the API's named shapes. */
export type Api<Name extends keyof Schemas> = Schemas[Name];

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** The paths that take a method. */
export type PathOf<M extends Method> = { [P in keyof paths]: paths[P] extends { [K in M]: { responses: unknown } } ? P : never }[keyof paths];

type Operation<M extends Method, P extends keyof paths> = paths[P] extends { [K in M]: infer O } ? O : never;

type Json<R> = R extends { content: { 'application/json': infer Body } } ? Body : undefined;

/** What a success answers. */
export type Answer<M extends Method, P extends keyof paths> =
  Operation<M, P> extends { responses: infer R } ? Json<R[Extract<keyof R, 200 | 201 | 202 | 204>]> : never;

type Part<Name extends string, T> = T extends undefined ? object : object extends T ? { [K in Name]?: T } : { [K in Name]: T };
type PathPart<O> = O extends { parameters: { path: infer V extends object } } ? V : undefined;
type QueryPart<O> = O extends { parameters: { query?: infer V extends object } } ? V : undefined;
type BodyPart<O> = O extends { requestBody: { content: { 'application/json': infer B } } } ? B : undefined;

/** What a call takes: parameters of its path and query, and its body. */
export type Input<M extends Method, P extends keyof paths> = Part<'path', PathPart<Operation<M, P>>> &
  Part<'query', QueryPart<Operation<M, P>>> &
  Part<'body', BodyPart<Operation<M, P>>> & { key?: string; fresh?: boolean; keepalive?: boolean };
