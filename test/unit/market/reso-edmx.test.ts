import { describe, expect, it } from '@jest/globals';
import { readEdmx } from '../../../integrations/reso/edmx.ts';

const XML = '<?xml version="1.0" encoding="UTF-8"?>';

function edmx(schemas: string): string {
  return `${XML}<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>${schemas}</edmx:DataServices></edmx:Edmx>`;
}

const listing = edmx(`
<Schema Namespace="org.reso.metadata" Alias="reso" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EntityType Name="Base" Abstract="true"><Property Name="ModificationTimestamp" Type="Edm.DateTimeOffset" Precision="27"/></EntityType>
  <EntityType Name="Property" BaseType="reso.Base">
    <Key><PropertyRef Name="ListingKey"/></Key>
    <Property Name="ListingKey" Type="Edm.String" MaxLength="255"/>
    <Property Name="ListPrice" Type="reso.Money"/>
    <Property Name="StandardStatus" Type="org.reso.metadata.enums.StandardStatus"/>
    <Property Name="Appliances" Type="Collection(org.reso.metadata.enums.Appliances)"/>
    <NavigationProperty Name="Media" Type="Collection(reso.Media)"/>
  </EntityType>
  <TypeDefinition Name="Money" UnderlyingType="Edm.Decimal"/>
  <ComplexType Name="Stray"><Property Name="Stray" Type="Edm.String"/></ComplexType>
  <EntityContainer Name="C"><EntitySet Name="Property" EntityType="reso.Property"/></EntityContainer>
</Schema>
<Schema Namespace="org.reso.metadata.enums" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EnumType Name="StandardStatus"><Member Name="Active" Value="0"><Annotation Term="RESO.OData.Metadata.StandardName" String="Active"/></Member><Member Name="ActiveUnderContract"/></EnumType>
  <EnumType Name="Appliances" IsFlags="true"><Member Name="Dishwasher"/></EnumType>
</Schema>`);

describe('a metadata document', () => {
  it('tells the fields of each resource with inherited ones, aliases and definitions resolved, and the members of enumerations', () => {
    expect(readEdmx(listing)).toEqual({
      sets: {
        Property: {
          ModificationTimestamp: 'Edm.DateTimeOffset',
          ListingKey: 'Edm.String',
          ListPrice: 'Edm.Decimal',
          StandardStatus: 'org.reso.metadata.enums.StandardStatus',
          Appliances: 'Collection(org.reso.metadata.enums.Appliances)',
        },
      },
      enums: { StandardStatus: ['Active', 'ActiveUnderContract'], Appliances: ['Dishwasher'] },
    });
  });

  it.each([
    ['a page', '<html><body>Sign in<br></body></html>'],
    ['nothing', ''],
    ['JSON', '{"error":{}}'],
    ['a document that is cut off', listing.slice(0, 900)],
    ['a document without entity sets', edmx('<Schema Namespace="a"/>')],
    [
      'a set of a type that is not there',
      edmx(
        '<Schema Namespace="a"><EntityContainer><EntitySet Name="Property" EntityType="a.B"/></EntityContainer></Schema>',
      ),
    ],
    [
      'a type that builds on itself',
      edmx(
        '<Schema Namespace="a"><EntityType Name="B" BaseType="a.B"/><EntityContainer><EntitySet Name="Property" EntityType="a.B"/></EntityContainer></Schema>',
      ),
    ],
  ])('refuses %s', (_what, text) => {
    expect(() => readEdmx(text)).toThrow(expect.objectContaining({ code: 'FEED_BROKEN' }));
  });

  it('refuses entities of its own, which could grow without bound', () => {
    const levels = Array.from(
      { length: 30 },
      (_, n) => `<!ENTITY e${String(n + 1)} "&e${String(n)};&e${String(n)};">`,
    ).join('');
    const bomb = listing
      .replace(XML, `${XML}<!DOCTYPE edmx [<!ENTITY e0 "x">${levels}]>`)
      .replace('MaxLength="255"', 'MaxLength="&e30;"');
    expect(() => readEdmx(bomb)).toThrow(expect.objectContaining({ code: 'FEED_BROKEN' }));
  });
});
