using System.Globalization;

namespace Souk.Inventory.Products;

/// <summary>One made-up product of the sample catalogue; the price is in minor units (cents).</summary>
internal sealed record SampleProduct(
    string Sku, string Name, string Category, long PriceMinor, string Description, int Stock);

/// <summary>
/// Invents products to try the shop with. The product at a given position is always the same, because
/// everything about it is computed from that position and nothing else.
/// </summary>
internal static class SampleCatalogue
{
    private static readonly string[] Colours = ["", "in Black", "in Navy", "in Olive", "in Sand", "in Rust"];

    /// <summary>The categories, in the order in which products take turns; each must have equally many lines.</summary>
    private static readonly Shelf[] Shelves =
    [
        new("food", "FOO", [
            new(3, 6, 60, ["Smoked", "Salted", "Roasted", "Unsalted", "Spiced", "Honey-Glazed"],
                ["Almonds", "Cashews", "Peanuts", "Hazelnuts", "Pecans", "Walnuts"], ["125 g", "250 g", "500 g", "1 kg"],
                ["{0} are good by the handful or scattered over a salad.", "These {0} come in a bag that closes again.",
                 "Keep a bag of {0} in the kitchen or the desk drawer."]),
            new(5, 11, 70, ["House", "Breakfast", "Highland", "Organic", "Decaffeinated", "Single-Estate"],
                ["Ground Coffee", "Coffee Beans", "Black Tea", "Green Tea", "Oolong Tea", "White Tea"], ["125 g", "250 g", "500 g"],
                ["Brew {0} for the first cup of the day or a slow one later on.", "Keep {0} in a closed tin, away from light.",
                 "This packet of {0} is sealed to keep the aroma in."]),
            new(3, 6, 50, ["Raspberry", "Apricot", "Blackcurrant", "Fig", "Plum", "Orange"],
                ["Jam", "Conserve", "Jelly", "Fruit Spread", "Compote", "Chutney"], ["190 g", "340 g", "450 g"],
                ["This {0} comes in a glass jar and belongs in the fridge once opened.", "Try {0} on toast or with cheese.",
                 "A jar of {0} earns its place on the breakfast table."]),
            new(2, 4, 70, ["Wholewheat", "Durum", "Spelt", "Egg", "Red Lentil", "Spinach"],
                ["Penne", "Fusilli", "Tagliatelle", "Spaghetti", "Rigatoni", "Farfalle"], ["250 g", "500 g", "1 kg"],
                ["Boil {0} in plenty of salted water and serve with any sauce.", "Keep {0} in the cupboard for a quick supper.",
                 "This packet of {0} is dried and keeps for months."]),
        ]),
        new("clothes", "CLO", [
            new(25, 60, 0, ["Linen", "Cotton", "Flannel", "Chambray", "Corduroy", "Denim"],
                ["Shirt", "Overshirt", "Work Shirt", "Short-Sleeved Shirt", "Tunic", "Blouse"], Colours,
                ["This {0} buttons at the front and is cut to be worn tucked in or loose.", "This {0} can go in the machine on a cool wash.",
                 "This {0} suits most days of the year, alone or under a jacket."]),
            new(40, 115, 0, ["Merino", "Lambswool", "Cotton-Knit", "Mohair", "Cable-Knit", "Ribbed"],
                ["Jumper", "Cardigan", "Roll-Neck", "Sleeveless Jumper", "Hooded Jumper", "Knitted Dress"], Colours,
                ["This {0} is best washed by hand and dried flat.", "Put this {0} on when the evening turns cool.",
                 "This {0} layers well over a shirt."]),
            new(35, 85, 0, ["Straight-Leg", "Slim", "Relaxed", "Cropped", "High-Waisted", "Tapered"],
                ["Jeans", "Chinos", "Trousers", "Cords", "Joggers", "Cargo Trousers"], Colours,
                ["These {0} have two side pockets and two at the back.", "Wear these {0} to work and at weekends.",
                 "These {0} can be turned up at the hem."]),
            new(70, 220, 0, ["Waterproof", "Quilted", "Waxed", "Padded", "Lightweight", "Hooded"],
                ["Jacket", "Parka", "Gilet", "Overcoat", "Bomber Jacket", "Field Jacket"], Colours,
                ["This {0} has a full-length zip and two outer pockets.", "This {0} leaves room for a jumper underneath.",
                 "Keep this {0} by the door for changeable weather."]),
        ]),
        new("accessories", "ACC", [
            new(15, 60, 0, ["Leather", "Vegan Leather", "Canvas", "Suede", "Waxed Cotton", "Cork"],
                ["Wallet", "Card Holder", "Key Pouch", "Passport Cover", "Coin Purse", "Glasses Case"], Colours,
                ["This {0} is small enough for a coat pocket.", "This {0} has stitched edges and a plain lining.",
                 "This {0} keeps small things together."]),
            new(30, 150, 0, ["Nylon", "Leather", "Quilted", "Canvas", "Felt", "Waxed Cotton"],
                ["Tote Bag", "Backpack", "Messenger Bag", "Weekend Bag", "Crossbody Bag", "Laptop Sleeve"], Colours,
                ["This {0} has one main compartment and a small inner pocket.", "Take this {0} to work or to the market.",
                 "This {0} should be wiped clean with a damp cloth."]),
            new(12, 50, 0, ["Wool", "Cashmere", "Alpaca", "Merino", "Fleece", "Cotton"],
                ["Scarf", "Beanie", "Headband", "Snood", "Shawl", "Bucket Hat"], Colours,
                ["This soft {0} comes in one size.", "Wash this {0} by hand in cool water.", "Wear this {0} for walks on windy days."]),
            new(15, 85, 0, ["Silver", "Gold-Plated", "Brass", "Steel", "Beaded", "Pearl"],
                ["Bracelet", "Necklace", "Ring", "Anklet", "Brooch", "Pendant"], ["", "with Gift Box"],
                ["This {0} is plain enough for every day.", "This {0} should be kept dry and polished with a soft cloth.",
                 "This {0} makes a small present for a friend or for yourself."]),
        ]),
        new("electronics", "ELE", [
            new(15, 35, 40, ["USB-C", "Dual-Port", "Four-Port", "Compact", "Fast", "Travel"],
                ["Charger", "Wall Charger", "Car Charger", "Charging Station", "Charging Dock", "Power Bank"], ["30 W", "45 W", "65 W", "100 W"],
                ["This {0} is for phones, tablets and other devices that charge over USB.", "This {0} is small enough to pack.",
                 "This {0} comes without a cable."]),
            new(6, 14, 35, ["Braided", "Flat", "Coiled", "Slim", "Right-Angle", "Reinforced"],
                ["USB-C Cable", "HDMI Cable", "DisplayPort Cable", "Ethernet Cable", "Audio Cable", "USB Extension Cable"], ["1 m", "2 m", "3 m", "5 m"],
                ["This {0} comes with a strap to tie it up neatly.", "Use this {0} for a tidy desk or television stand.",
                 "Let this {0} replace a worn one, or keep it as a spare."]),
            new(30, 140, 0, ["Bluetooth", "Compact", "Rechargeable", "Stereo", "USB-C", "Wireless"],
                ["Speaker", "Headset", "Soundbar", "Desk Microphone", "Clock Radio", "Shower Speaker"], Colours,
                ["This {0} comes with its power cable and a short printed guide.", "This {0} has real buttons for power and volume.",
                 "This {0} is meant for use at home or in a small office."]),
            new(15, 75, 0, ["Cordless", "Ergonomic", "Quiet", "Backlit", "Low-Profile", "Programmable"],
                ["Keyboard", "Mouse", "Number Pad", "Trackball", "Presentation Remote", "Game Controller"], Colours,
                ["This {0} works without any extra software.", "This {0} suits the desk at home or in the office.",
                 "This {0} comes with a short printed guide."]),
        ]),
    ];

    /// <summary>
    /// Gives the first <paramref name="count"/> products. The categories take turns, so any multiple of four
    /// holds equally many of each, and no two products share a name or a SKU.
    /// </summary>
    public static IEnumerable<SampleProduct> Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Enumerable.Range(0, count).Select(At);
    }

    private static SampleProduct At(int index)
    {
        var shelf = Shelves[index % Shelves.Length];
        var place = index / Shelves.Length;
        var line = shelf.Lines[place % shelf.Lines.Length];
        var family = index % (Shelves.Length * shelf.Lines.Length);

        // The rest of the position is split into digits, one for each word list, so that no combination
        // comes up twice in a round; each digit is shifted by the ones before it to vary neighbours.
        var (rest, noun) = Math.DivRem(place / shelf.Lines.Length, line.Nouns.Length);
        (rest, var qualifier) = Math.DivRem(rest, line.Qualifiers.Length);
        qualifier = (qualifier + noun) % line.Qualifiers.Length;
        (var round, var variant) = Math.DivRem(rest, line.Variants.Length);
        variant = (variant + family + (2 * noun) + (3 * qualifier)) % line.Variants.Length;

        var plain = $"{line.Qualifiers[qualifier]} {line.Nouns[noun]}";
        var name = line.Variants[variant].Length == 0 ? plain : $"{plain} {line.Variants[variant]}";
        var numbered = round == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name} No. {round + 1}");

        // The price leaves the variant out of the mix, so that a larger size always costs more than a smaller one.
        var mixed = Mix((uint)((((((round * 16) + family) * 8) + noun) * 8) + qualifier));
        var whole = (line.Low + (mixed % (line.High - line.Low + 1))) * (100 + (line.Step * variant)) / 100;
        var cents = ((mixed >> 16) % 5) switch { 0 => 0, 1 => 49, _ => 99 };

        var draw = Mix((uint)index);
        var sentence = line.Sentences[(int)(draw % (uint)line.Sentences.Length)].Replace("{0}", plain, StringComparison.Ordinal);
        var sku = string.Create(CultureInfo.InvariantCulture, $"{shelf.Prefix}-{place + 1:D5}");
        return new(sku, numbered, shelf.Category, (whole * 100) + cents, sentence, 20 + (int)((draw >> 8) % 481));
    }

    /// <summary>Scatters neighbouring numbers; it only has to look irregular, not to be unpredictable.</summary>
    private static uint Mix(uint value)
    {
        value = unchecked((value + 1) * 2654435769u);
        value = unchecked((value ^ (value >> 15)) * 2246822519u);
        return value ^ (value >> 13);
    }

    private sealed record Shelf(string Category, string Prefix, Line[] Lines);

    /// <summary>
    /// A family of products whose words all go together: the price range in whole units, what each next
    /// variant adds to it in per cent, and the words and sentences to choose from.
    /// </summary>
    private sealed record Line(
        long Low, long High, long Step, string[] Qualifiers, string[] Nouns, string[] Variants, string[] Sentences);
}
