/** Where a team works: public facts of its metropolitan area. */
export interface Metro {
  readonly state: string;
  readonly zone: string;
  /** Area codes in use there. */
  readonly areaCodes: readonly string[];
  /** First three digits of its postal codes. */
  readonly postal: string;
  /** Around which prices are spread, US dollars. */
  readonly median: number;
  readonly cities: readonly City[];
}

export interface City {
  readonly name: string;
  readonly latitude: number;
  readonly longitude: number;
}

const EASTERN = 'America/New_York';
const CENTRAL = 'America/Chicago';
const MOUNTAIN = 'America/Denver';
const PACIFIC = 'America/Los_Angeles';

/** `Name latitude longitude`, the centre of each city, largest first. */
function cities(text: string): readonly City[] {
  return text.split(',').map((part) => {
    const [, name = '', latitude, longitude] = /^\s*(.+?) (-?[\d.]+) (-?[\d.]+)$/.exec(part) ?? [];
    return { name, latitude: Number(latitude), longitude: Number(longitude) };
  });
}

const metro = (
  state: string,
  zone: string,
  areaCodes: string,
  postal: string,
  median: number,
  places: string,
): Metro => ({ state, zone, areaCodes: areaCodes.split(' '), postal, median, cities: cities(places) });

export const metros: readonly Metro[] = [
  metro(
    'TX',
    CENTRAL,
    '512 737',
    '787',
    445_000,
    'Austin 30.267 -97.743, Round Rock 30.508 -97.679, Cedar Park 30.505 -97.820, Pflugerville 30.440 -97.620, Georgetown 30.633 -97.678',
  ),
  metro(
    'TX',
    CENTRAL,
    '214 469 972 817',
    '752',
    390_000,
    'Dallas 32.777 -96.797, Fort Worth 32.755 -97.331, Plano 33.020 -96.699, Frisco 33.151 -96.824, Irving 32.814 -96.949',
  ),
  metro(
    'TX',
    CENTRAL,
    '713 281 832 346',
    '770',
    335_000,
    'Houston 29.760 -95.370, Sugar Land 29.620 -95.635, Katy 29.786 -95.824, Pearland 29.564 -95.286, Cypress 29.969 -95.697',
  ),
  metro(
    'FL',
    EASTERN,
    '305 786 954',
    '331',
    560_000,
    'Miami 25.762 -80.192, Fort Lauderdale 26.122 -80.137, Hialeah 25.858 -80.278, Coral Gables 25.722 -80.268, Hollywood 26.011 -80.149',
  ),
  metro(
    'FL',
    EASTERN,
    '813 727 656',
    '336',
    375_000,
    'Tampa 27.951 -82.457, Saint Petersburg 27.768 -82.640, Clearwater 27.966 -82.800, Brandon 27.938 -82.286, Riverview 27.866 -82.327',
  ),
  metro(
    'FL',
    EASTERN,
    '407 689 321',
    '328',
    390_000,
    'Orlando 28.538 -81.379, Kissimmee 28.292 -81.408, Winter Park 28.600 -81.339, Sanford 28.801 -81.273, Apopka 28.676 -81.512',
  ),
  metro(
    'GA',
    EASTERN,
    '404 470 678 770',
    '303',
    400_000,
    'Atlanta 33.749 -84.388, Marietta 33.953 -84.550, Alpharetta 34.075 -84.294, Decatur 33.775 -84.296, Roswell 34.023 -84.362',
  ),
  metro(
    'NC',
    EASTERN,
    '704 980',
    '282',
    395_000,
    'Charlotte 35.227 -80.843, Concord 35.409 -80.579, Gastonia 35.262 -81.187, Huntersville 35.411 -80.843, Matthews 35.117 -80.724',
  ),
  metro(
    'NC',
    EASTERN,
    '919 984',
    '276',
    430_000,
    'Raleigh 35.780 -78.639, Durham 35.994 -78.899, Cary 35.792 -78.781, Apex 35.733 -78.850, Wake Forest 35.980 -78.510',
  ),
  metro(
    'TN',
    CENTRAL,
    '615 629',
    '372',
    450_000,
    'Nashville 36.163 -86.781, Murfreesboro 35.846 -86.390, Franklin 35.925 -86.869, Hendersonville 36.305 -86.620, Brentwood 36.033 -86.783',
  ),
  metro(
    'IL',
    CENTRAL,
    '312 773 872 708 847',
    '606',
    340_000,
    'Chicago 41.878 -87.630, Naperville 41.751 -88.154, Evanston 42.045 -87.688, Schaumburg 42.033 -88.083, Oak Park 41.885 -87.785',
  ),
  metro(
    'AZ',
    'America/Phoenix',
    '602 480 623',
    '850',
    450_000,
    'Phoenix 33.448 -112.074, Mesa 33.415 -111.831, Scottsdale 33.494 -111.926, Chandler 33.306 -111.841, Gilbert 33.353 -111.789',
  ),
  metro(
    'CO',
    MOUNTAIN,
    '303 720',
    '802',
    570_000,
    'Denver 39.739 -104.990, Aurora 39.729 -104.832, Lakewood 39.705 -105.081, Arvada 39.803 -105.087, Littleton 39.613 -105.017',
  ),
  metro(
    'UT',
    MOUNTAIN,
    '801 385',
    '841',
    510_000,
    'Salt Lake City 40.761 -111.891, West Valley City 40.692 -112.001, Sandy 40.565 -111.839, Provo 40.234 -111.659, Lehi 40.392 -111.851',
  ),
  metro(
    'NV',
    PACIFIC,
    '702 725',
    '891',
    430_000,
    'Las Vegas 36.172 -115.139, Henderson 36.040 -114.982, North Las Vegas 36.199 -115.118, Summerlin 36.180 -115.330, Boulder City 35.979 -114.832',
  ),
  metro(
    'CA',
    PACIFIC,
    '213 310 323 424 818',
    '900',
    880_000,
    'Los Angeles 34.052 -118.244, Long Beach 33.770 -118.194, Pasadena 34.148 -118.144, Santa Monica 34.019 -118.491, Burbank 34.181 -118.309',
  ),
  metro(
    'CA',
    PACIFIC,
    '619 858',
    '921',
    870_000,
    'San Diego 32.716 -117.161, Chula Vista 32.640 -117.084, Oceanside 33.196 -117.380, Carlsbad 33.158 -117.351, Escondido 33.119 -117.086',
  ),
  metro(
    'CA',
    PACIFIC,
    '916 279',
    '958',
    540_000,
    'Sacramento 38.582 -121.494, Roseville 38.752 -121.288, Elk Grove 38.409 -121.372, Folsom 38.678 -121.176, Davis 38.545 -121.740',
  ),
  metro(
    'WA',
    PACIFIC,
    '206 253 425',
    '981',
    780_000,
    'Seattle 47.606 -122.332, Bellevue 47.610 -122.201, Tacoma 47.253 -122.444, Kirkland 47.676 -122.206, Renton 47.483 -122.217',
  ),
  metro(
    'OR',
    PACIFIC,
    '503 971',
    '972',
    540_000,
    'Portland 45.515 -122.678, Beaverton 45.487 -122.804, Hillsboro 45.523 -122.990, Gresham 45.500 -122.430, Lake Oswego 45.421 -122.671',
  ),
  metro(
    'MA',
    EASTERN,
    '617 857 508',
    '021',
    720_000,
    'Boston 42.360 -71.059, Cambridge 42.374 -71.111, Quincy 42.253 -71.003, Newton 42.337 -71.209, Somerville 42.388 -71.100',
  ),
  metro(
    'NY',
    EASTERN,
    '212 646 917 718 347',
    '100',
    760_000,
    'New York 40.713 -74.006, Yonkers 40.931 -73.899, White Plains 41.034 -73.763, New Rochelle 40.911 -73.782, Mount Vernon 40.913 -73.837',
  ),
  metro(
    'PA',
    EASTERN,
    '215 267 610',
    '191',
    350_000,
    'Philadelphia 39.953 -75.165, Cherry Hill 39.935 -75.031, King of Prussia 40.101 -75.384, Upper Darby 39.961 -75.272, Norristown 40.122 -75.340',
  ),
  metro(
    'MI',
    EASTERN,
    '313 248 734',
    '482',
    255_000,
    'Detroit 42.331 -83.046, Dearborn 42.322 -83.176, Livonia 42.368 -83.353, Troy 42.606 -83.150, Ann Arbor 42.281 -83.743',
  ),
  metro(
    'MN',
    CENTRAL,
    '612 651 763',
    '554',
    375_000,
    'Minneapolis 44.978 -93.265, Saint Paul 44.954 -93.090, Bloomington 44.841 -93.298, Plymouth 45.011 -93.456, Edina 44.890 -93.350',
  ),
  metro(
    'OH',
    EASTERN,
    '614 380',
    '432',
    310_000,
    'Columbus 39.961 -82.999, Dublin 40.099 -83.114, Westerville 40.126 -82.929, Grove City 39.881 -83.093, Hilliard 40.033 -83.158',
  ),
];
