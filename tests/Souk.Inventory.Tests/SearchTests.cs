using Souk.Testing;

namespace Souk.Inventory.Tests;

public class SearchTests(TestShop shop)
{
    [Theory]
    [InlineData("zanzibar", true)]
    [InlineData("zanz", true)]
    [InlineData("ZANZ", true)]
    [InlineData("zanz clov", true)]
    [InlineData("clov zanz", true)]
    [InlineData("zanz hand", true)]
    [InlineData("anzibar", false)]
    [InlineData("zanz nutmeg", false)]
    [InlineData("  zanzibar   cloves  ", true)]
    [InlineData("zanzibar\tcloves", false)]
    public async Task Each_word_begins_a_word_of_the_name_or_the_description(string words, bool found)
    {
        var product = await Add("Zanzibar Cloves", "Picked by hand.");
        if (words.Contains('\t', StringComparison.Ordinal))
        {
            (await Search(words)).RefusesField("query", "q", "string_control_character");
            return;
        }

        (await Search(words)).Ids().Contains(product).ShouldBe(found);
    }

    [Theory]
    [InlineData("Crème Brûlée", "creme brulee")]
    [InlineData("Smorrebrod Tray", "Smorrebrod")]
    [InlineData("Jalapeno Paste", "jalapeño")]
    [InlineData("Ångström Lamp", "angstrom")]
    [InlineData("Cafe\u0301 Press", "Caf\u00e9")]
    [InlineData("Чайник Самовар", "чайн")]
    [InlineData("急須 Teapot", "急須")]
    public async Task Accents_and_their_spelling_do_not_matter(string name, string words)
    {
        var product = await Add(name, "");
        (await Search(words)).Ids().ShouldContain(product);
    }

    [Theory]
    [InlineData("\"qopal lamp\"", true)]
    [InlineData("qopal \"", true)]
    [InlineData("qopal*", true)]
    [InlineData("qopal -lamp", true)]
    [InlineData("qopal AND lamp", false)]
    [InlineData("qopal OR nothing", false)]
    [InlineData("qopal NOT lamp", false)]
    [InlineData("NEAR(qopal lamp)", false)]
    [InlineData("name:qopal", false)]
    [InlineData("{name}: qopal", false)]
    [InlineData("^qopal", true)]
    [InlineData("qopal + lamp", true)]
    [InlineData("qopal' OR 1=1 --", false)]
    [InlineData("%", false)]
    [InlineData("()", false)]
    [InlineData("\\", false)]
    [InlineData("\"", false)]
    [InlineData("*", false)]
    [InlineData("\"*\" - ^", false)]
    public async Task Quotes_and_operators_are_plain_text(string words, bool found)
    {
        var product = await Add("Qopal Lamp", "");
        var answer = await Search(words);
        answer.Must(200);
        answer.Ids().Contains(product).ShouldBe(found);
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("  \u3000 ")]
    public async Task No_words_are_no_filter(string words)
    {
        var product = await Add("Anything", "");
        (await Search(words)).Ids().ShouldContain(product);
    }

    [Fact]
    public async Task A_renamed_product_is_found_by_its_new_name_alone()
    {
        var product = await Add("Xylograph", "A print.");
        (await shop.Admin.Patch("inventory", Requests.Product(product), new { name = "Ysengrin", description = "A wolf." })).Must(200);

        (await Search("xylograph")).Ids().ShouldNotContain(product);
        (await Search("ysengrin wolf")).Ids().ShouldContain(product);
    }

    [Fact]
    public async Task A_search_goes_along_with_every_filter()
    {
        var word = $"filtrable{shop.NewName("x").Replace("-", "", StringComparison.Ordinal)}";
        var cheap = await Add($"{word} cheap", "", price: 5, category: "food", stock: 0);
        var dear = await Add($"{word} dear", "", price: 50, category: "food");
        var shirt = await Add($"{word} shirt", "", price: 20);

        (await Ids("")).ShouldBe([shirt, dear, cheap]);
        (await Ids("&category=food")).ShouldBe([dear, cheap]);
        (await Ids("&available=true")).ShouldBe([shirt, dear]);
        (await Ids("&available=false")).ShouldBe([cheap]);
        (await Ids("&min_price=5&max_price=20")).ShouldBe([shirt, cheap]);
        (await Ids("&min_price=5.01&max_price=19.99")).ShouldBeEmpty();
        (await Ids("&min_price=6&category=food&available=true")).ShouldBe([dear]);
        (await Ids("&category=electronics")).ShouldBeEmpty();

        async Task<long[]> Ids(string filters) => (await shop.Visitor.Looks($"q={word}{filters}")).Ids();
    }

    private Task<Answer> Search(string words) => shop.Visitor.Looks($"limit=100&q={Uri.EscapeDataString(words)}");

    private async Task<long> Add(string name, string description, decimal price = 10, string category = "clothes", int stock = 1)
    {
        var added = await shop.Admin.Post("inventory", Requests.Products, new { name, category, price = Person.Money(price), description, stock });
        added.Must(201);
        return added["id"].GetInt64();
    }
}
