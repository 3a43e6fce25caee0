using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Watchhouse.Storage.Sqlite.Migrations.House
{
    /// <inheritdoc />
    public partial class MonitoringPages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "AlertTechniques",
                columns: table => new
                {
                    AlertId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Technique = table.Column<string>(type: "TEXT", maxLength: 24, nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    RaisedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertTechniques", x => new { x.AlertId, x.Technique });
                    table.ForeignKey(
                        name: "FK_AlertTechniques_Alerts_AlertId",
                        column: x => x.AlertId,
                        principalTable: "Alerts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AlertViews",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Person = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Query = table.Column<string>(type: "TEXT", maxLength: 600, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertViews", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "SourceHours",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Source = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Hour = table.Column<long>(type: "INTEGER", nullable: false),
                    Events = table.Column<long>(type: "INTEGER", nullable: false),
                    Bytes = table.Column<long>(type: "INTEGER", nullable: false),
                    Rejects = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SourceHours", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_Entity_RaisedAt_Id",
                table: "Alerts",
                columns: new[] { "Entity", "RaisedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_ForceId_Level_RaisedAt_Id",
                table: "Alerts",
                columns: new[] { "ForceId", "Level", "RaisedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_ForceId_RaisedAt_Id",
                table: "Alerts",
                columns: new[] { "ForceId", "RaisedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_ForceId_Rule_RaisedAt_Id",
                table: "Alerts",
                columns: new[] { "ForceId", "Rule", "RaisedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_Level_RaisedAt_Id",
                table: "Alerts",
                columns: new[] { "Level", "RaisedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_Rule_RaisedAt_Id",
                table: "Alerts",
                columns: new[] { "Rule", "RaisedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_AlertTechniques_ForceId",
                table: "AlertTechniques",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_AlertTechniques_ForceId_Technique_RaisedAt_AlertId",
                table: "AlertTechniques",
                columns: new[] { "ForceId", "Technique", "RaisedAt", "AlertId" });

            migrationBuilder.CreateIndex(
                name: "IX_AlertTechniques_Technique_RaisedAt_AlertId",
                table: "AlertTechniques",
                columns: new[] { "Technique", "RaisedAt", "AlertId" });

            migrationBuilder.CreateIndex(
                name: "IX_AlertViews_ForceId",
                table: "AlertViews",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_AlertViews_ForceId_Person_Name",
                table: "AlertViews",
                columns: new[] { "ForceId", "Person", "Name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_SourceHours_ForceId",
                table: "SourceHours",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_SourceHours_ForceId_Source_Hour",
                table: "SourceHours",
                columns: new[] { "ForceId", "Source", "Hour" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_SourceHours_Hour",
                table: "SourceHours",
                column: "Hour");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AlertTechniques");

            migrationBuilder.DropTable(
                name: "AlertViews");

            migrationBuilder.DropTable(
                name: "SourceHours");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_Entity_RaisedAt_Id",
                table: "Alerts");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_ForceId_Level_RaisedAt_Id",
                table: "Alerts");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_ForceId_RaisedAt_Id",
                table: "Alerts");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_ForceId_Rule_RaisedAt_Id",
                table: "Alerts");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_Level_RaisedAt_Id",
                table: "Alerts");

            migrationBuilder.DropIndex(
                name: "IX_Alerts_Rule_RaisedAt_Id",
                table: "Alerts");
        }
    }
}
