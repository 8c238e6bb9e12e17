import {
  type GraphQLArgument,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { expect, test } from 'vitest';
import { createSchema } from '../../src/schema/index.ts';

const undescribed = (type: GraphQLNamedType): string[] => {
  const missing = type.description ? [] : [type.name];
  if (isEnumType(type)) {
    return [
      ...missing,
      ...type
        .getValues()
        .filter((value) => !value.description)
        .map((value) => `${type.name}.${value.name}`),
    ];
  }
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
    for (const field of Object.values(type.getFields())) {
      const here = `${type.name}.${field.name}`;
      if (!field.description) missing.push(here);
      const args: readonly GraphQLArgument[] = 'args' in field ? field.args : [];
      missing.push(...args.filter((arg) => !arg.description).map((arg) => `${here}(${arg.name})`));
    }
  }
  return missing;
};

test('every type, field, argument, input field and enum value is described', () => {
  const own = Object.values(createSchema().getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
  expect(own.length).toBeGreaterThan(40);
  expect(own.flatMap(undescribed)).toEqual([]);
});

test('every time is said to be in which unit', () => {
  const types = createSchema().getTypeMap();
  const unitless = Object.values(types).flatMap((type) =>
    isObjectType(type) && !isIntrospectionType(type)
      ? Object.values(type.getFields())
          .filter((field) => /seconds$/i.test(field.name) && !/second/i.test(field.description ?? ''))
          .map((field) => `${type.name}.${field.name}`)
      : [],
  );
  expect(unitless).toEqual([]);
});
